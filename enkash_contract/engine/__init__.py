"""A run against a target: what is sent, in which order, and what counts.

`plan` selects cases, `session` sends them and repeats what must be confirmed, `ledger` keeps since
when the baseline is trusted, `notes` says what a person should know, and `run` is the whole of it.
`selftest` runs against every sandbox that is wrong on purpose.
"""
