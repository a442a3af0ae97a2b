"""The client file: who is counselled, household, histories, search, grants."""
