"""A stub server, and the ways for one to be wrong.

`app` validates requests and responds from the document, `script` lets a test choose the answers,
`server` runs any application on loopback, and `defects` are sandboxes with one rule not enforced,
each proven wrong by `defect_proof` through the way of reading that `misreadings` describes.
"""
