"""From one interaction and its expectation to findings that add up.

`judge` looks at the pair of request and response, `checks` at the response by itself; a `Case` says
what to expect, a `Finding` what did not hold, and `Result` is the sum of it all. Every way in
(check runs, recordings, fixtures, Schemathesis) is judged here and nowhere else.
"""
