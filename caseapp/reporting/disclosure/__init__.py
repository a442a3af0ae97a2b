"""Statistical disclosure control for linked tables of counts over a tree of areas.

Exact counts with cell keys go in (`counts`), a release comes out (`release.control`) whose numbers are rounded, add
up, are the same in every table and stay what they were for cells whose people did not change. `attack` tries to
undo it. The package knows nothing of the application around it: Python, numpy and scipy are all it needs. Method,
claims and measurements: docs/disclosure.md.

Modules in the order of reading: geography, catalogue, keys, counts (what goes in); lattice (which sums must hold),
preferences (where each cell wants to go), rounding (where it may go); withholding, rates (contacts and
percentages); published, frozen, quality, release (what comes out).
"""
