"""Attachments: papers and photos of a client file, kept as sealed files."""
