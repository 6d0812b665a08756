"""A quick way for what most recordings hold: valid requests that were accepted as documented.

`fast` decides and counts by what `typed` decodes, and leaves whatever is not certain to `judging`.
`half` is one side of an operation, `kind` a count of equal results, `known` the caches of both, and
`begun` the time of an entry.
"""
