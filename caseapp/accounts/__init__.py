"""Accounts: people, their duties (memberships), signing in, web sessions."""
