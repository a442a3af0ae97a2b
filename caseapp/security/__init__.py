"""Who may do what, and the cryptography. No Flask, no tables: everything here is testable on its own."""
