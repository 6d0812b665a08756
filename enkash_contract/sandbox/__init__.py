"""A stub server, and the defects that one may have.

`app` validates requests and responds from the document, `script` lets a test choose the answers,
`server` runs any application on loopback, and `defects` are sandboxes with one rule not enforced,
each proven by `defect_proof` to differ from its rule, as `misreadings` describes.
"""
