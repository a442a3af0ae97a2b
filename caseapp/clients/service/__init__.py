"""Changing client files: one function an intent, and the upkeep of the caseload rows."""
