"""Counselling: contacts with clients, work for them with others, short advice, activities without a case."""
