"""Drafts: what was typed and not yet saved, sealed on the server, so that no crash or time-out loses a word.

Drafts never count and never show up in a form that is not theirs.
"""
