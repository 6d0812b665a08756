"""Configuration files and waivers: all that a user has written down.

`location` finds `enkash-contract.toml`, `file` reads it, `settings` reads the values of options,
`toml` finds its lines, and `waivers` lets known findings pass until a date.
"""
