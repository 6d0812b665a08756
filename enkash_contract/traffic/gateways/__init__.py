"""Logs of gateways, read as interactions in our own shape; each log has its own names for them.

`profiles` are the mappings of common gateways: a new one is a row in its table `PROFILES`. `lines`
finds the records in a log, `mapping` makes an interaction of each by the `paths` of its members,
and `writing` does the reverse.
"""
