"""What referrals may say and do. Pure."""
