"""Pure rules of the rights of clients."""
