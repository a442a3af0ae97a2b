"""Inventing people: which carriers there are, who lives together, what happened to them, who talked with them when.

Pure: everything hangs on the seed, the day and the shipped files.
"""
