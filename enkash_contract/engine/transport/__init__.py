"""How a request reaches a target: over HTTP, or into an application in this process.

`client` sends, `connection` speaks HTTP/1.1 where a case needs bytes that no library sends,
`delivery` tries again what was lost, `applications` finds ASGI and WSGI applications and calls the
former, `wsgi` calls the latter, and `logs` keeps what they log.
"""
