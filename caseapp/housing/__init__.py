"""Dwellings for households: match, viewings, result, and what is to be done before signing a lease."""
