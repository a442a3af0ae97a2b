"""Changing client files: one function an intent, and the upkeep of the caseload rows."""

from caseapp.clients.service.bulk import open_files_bulk
from caseapp.clients.service.opening import NewFact, NewFile, open_family, open_file

__all__ = ["NewFact", "NewFile", "open_family", "open_file", "open_files_bulk"]
