"""Attacks on the running application, kept as tests."""
