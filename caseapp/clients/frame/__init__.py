"""The frame around every page of a file, of this slice and of those above it: head, household, tabs.

A view loads with `open_file(client_id, permission)` and answers `shown("<slice>/<page>.html", opened, "<tab>", ...)`.
Its template extends `clients/frame.html` and fills the block `part`. The tab itself is registered in the factory.
"""

from caseapp.clients.frame.page import Opened, load, open_file, registry, relation_of, shown
from caseapp.clients.frame.running import running

__all__ = ["Opened", "load", "open_file", "registry", "relation_of", "running", "shown"]
