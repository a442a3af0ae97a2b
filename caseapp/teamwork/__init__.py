"""Teamwork: the team's board, the queue of unassigned files, assigning, closing and reopening, access to notes."""
