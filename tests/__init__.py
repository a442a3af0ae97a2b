"""Tests, a folder a subject."""
