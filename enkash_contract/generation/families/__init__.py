"""One function a family: one way to break a rule, or to keep it at its very bound.

`reject` and `reject_text` break the rules of schemas, `reject_wire` those of headers, `reject_body`
those of bytes; `accept` and `accept_wire` go to the edge of both and stay valid. A test keeps each
table complete.
"""
