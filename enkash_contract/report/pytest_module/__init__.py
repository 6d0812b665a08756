"""A pytest module that repeats every violation of a run.

`write` is the report format; `conditions` states what each test asserts, `source` spells values as
Python, and `templates` holds the text around them.
"""
