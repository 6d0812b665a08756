"""What a user has written down: configuration files and waivers.

`file` finds and reads `enkash-contract.toml`, `settings` says what may stand in it, `toml` points
at its lines, and `waivers` lets known findings pass until a date.
"""
