"""Code lists with validity dates: what a form offers on a day, and what a stored code means on the record's day.

The lists are data (`config/codelists`, `config/rules`), not code. A record stores the code, never the label; the label
is looked up with the record's own date, so that an old record keeps the words of its time.
"""
