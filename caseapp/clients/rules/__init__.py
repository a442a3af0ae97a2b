"""Pure rules of the client file: names, search, possible duplicates."""
