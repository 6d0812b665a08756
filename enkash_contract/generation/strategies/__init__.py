"""Hypothesis strategies for valid and invalid payloads, requests and responses.

`operation` has the public ones; `schema`, `text` and `number` build values by construction, and
`leaves` chooses which members of a payload are drawn. Only this package imports Hypothesis here.
"""
