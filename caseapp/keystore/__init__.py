"""Wrapped client keys, always in a database apart from the data.

Keys are committed here before the data that uses them: an orphan key is harmless, data without its key is lost.
"""

from caseapp.keystore.erasures import ErasureList
from caseapp.keystore.rotation import rotate_organisation
from caseapp.keystore.store import KeyStore
from caseapp.keystore.tables import client_key, metadata

__all__ = ["ErasureList", "KeyStore", "client_key", "metadata", "rotate_organisation"]
