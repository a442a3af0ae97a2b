"""Public pages about the installation: accessibility, privacy, imprint."""
