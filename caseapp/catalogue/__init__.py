"""Code lists with validity dates: what a form offers on a day, and what a stored code means on the record's day.

The lists are data (`config/codelists`, `config/rules`), not code. A record stores the code, never the label; the label
is looked up with the record's own date, so that an old record keeps the words of its time.

`phrases` is the phrase book of the papers, shipped in `config/phrases`, changed and versioned by the installation.
"""

from caseapp.catalogue.queries import phrases

__all__ = ["phrases"]
