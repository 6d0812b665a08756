"""From one interaction and its expectation to findings that add up.

`judge` looks at the pair of request and response, `checks` at the response by itself. A `Case`
holds the expectation, a `Finding` is a check that did not hold, and a `Result` the sum of a run.
Every way in (check runs, recordings, fixtures, Schemathesis) is judged here and nowhere else.
"""
