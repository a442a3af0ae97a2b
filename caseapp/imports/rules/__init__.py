"""The pure part of an import: bytes -> tables -> mapping of the columns -> typed rows -> closing counters.

`tables` reads any file or refuses it, `headings` finds the header row and guesses the mapping, `values` reads one
cell, `rows` turns data rows into `ClientRow` and `ContactRow`, `counters` closes the sums.
No cell is dropped: what did not become a field completely stays, word for word, in the row's `leftovers`.
"""
