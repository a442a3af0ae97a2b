"""What only PostgreSQL has: row-level security, roles, writers at the same time."""
