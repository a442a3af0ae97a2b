"""What the figures count, kept beside the facts: one coded line for each record that counts, under record keys.

A slice says in a model's method `tally` what its record says to the figures: codes, days, numbers, never a text or a
name. The line is written in the transaction that writes the record, sealed under the carrier's key, and names the
person by a number that only the statistics key makes. A report reads the lines and opens no file.

Modules in the order of reading: lines (what can be said), courses (all lines of a person), periods, keys, models,
sources (which records count), mirror (how lines follow their records), queries, service (making them anew).
"""

from caseapp.tallies import mirror

__all__ = ["mirror"]  # whoever declares a record that counts imports this package: from then on lines are kept
