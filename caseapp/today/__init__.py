"""Heute: what a caseworker has to do today, on one page."""
