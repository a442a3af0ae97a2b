"""Case management for Integrationsmanager in Baden-Württemberg.

Read `docs/adding-a-feature.md` first: it shows the storeys, the rooms of a slice and where a change belongs.
"""
