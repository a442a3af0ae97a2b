"""Integrationsplan and Integrationsvereinbarung: immutable versions, signatures, reviews."""
