"""Kennzahlen: the exact totals that the programme demands towards the granting authority. Never for publication."""
