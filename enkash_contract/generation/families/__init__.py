"""One function a family: one way to break a rule, or to keep it at its very bound.

`reject` and `reject_text` break the rules of schemas, `wire` those of bytes and headers, and
`accept` builds valid values at the bounds. Each module has a table that a test holds complete.
"""
