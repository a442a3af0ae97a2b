"""Pure rules of the Kennzahlen: fields as data, counting, comparing, small numbers, and the state's spreadsheet."""
