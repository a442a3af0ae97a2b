"""Reading client files."""

from caseapp.clients.queries.grants import granted_clients

__all__ = ["granted_clients"]
