"""A pytest module that repeats every violation of a run.

`write` is the report format; `conditions` states what each test asserts, `target` how it reaches a
server or an application, `source` spells values as Python, and `templates` holds the text around
them.
"""
