"""Privacy notices given, consents, releases from confidentiality, powers of attorney (Vollmacht)."""
