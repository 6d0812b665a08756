"""OpenAPI documents, with overlays laid on them, as operations, rules and evidence.

`contract.load` is the way in; `Operation`, `Rule` and `Evidence` are what comes out. `openapi` says
which documents are understood, `keywords` which JSON Schema keywords are, `wording` puts a rule
into words, `export` writes a schema for other validators.
"""
