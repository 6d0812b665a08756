"""How real servers misread a request: the ways for one rule not to be enforced.

`keywords` lists the ways by keyword, `sizes`, `types` and `patterns` have those that need more than
a line, `wire` and `json_readers` those below the schema. They share nothing with the families of
`generation`, because a selftest proves something only while the two are independent.
"""
