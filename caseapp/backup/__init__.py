"""Backup while the application serves, restore into an empty installation, and the proof that a backup can be restored.

A backup has two halves in two places: the sealed data with the keystore, and the keys. Copies of keystore and keys live
14 days, as long as the epochs that open them: after that an erased client is noise in every old copy of the data.
"""

from caseapp.backup.making import Made, back_up
from caseapp.backup.restoring import Restored, require_finished, restore
from caseapp.backup.sets import COPIES_LIVE
from caseapp.backup.verifying import Verified, verify

__all__ = ["COPIES_LIVE", "Made", "Restored", "Verified", "back_up", "require_finished", "restore", "verify"]
