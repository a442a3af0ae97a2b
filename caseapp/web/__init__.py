"""Everything Flask-shaped that is no page: the guarded blueprint, forms, errors, headers, templates, paging."""
