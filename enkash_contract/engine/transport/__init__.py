"""How a request reaches a target: over HTTP, or into an application in this process.

`client` sends, each `attempt` by itself; `early` reads responses that come before a request was
sent, and notices `strays`, which belong to no request. `connection` says how requests are sent and
`address` where to, `delivery` waits for a busy target, at the `pace` of the run, `applications`
finds ASGI and WSGI applications and calls the former, `wsgi` calls the latter, and `logs` keeps
secrets out of what is logged.
"""
