"""What a user has written down: configuration files and waivers.

`location` finds `enkash-contract.toml`, `file` reads it, `settings` reads the values of options,
`toml` finds its lines, and `waivers` lets known findings pass until a date.
"""
