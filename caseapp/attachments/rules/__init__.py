"""What may be attached, how it is called, and how a preview is made. Pure."""
