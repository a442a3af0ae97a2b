"""Pure rules of goals: `states` what may follow what, `checks` what may be written, `measures` what histories show."""
