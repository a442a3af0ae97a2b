"""Outcome reports to the funding programme that cannot be turned back into people."""
