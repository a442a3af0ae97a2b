"""Pure rules of the search for a flat: `matching` says what speaks for and against, `states` what may follow."""
