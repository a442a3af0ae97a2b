"""Referrals to partners in four ways, and what was disclosed by them."""
