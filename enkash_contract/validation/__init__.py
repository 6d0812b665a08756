"""Which rules a payload or a request breaks, and what a server did.

`validate` judges payloads, `request` whole requests, `outcome` reads responses, and `guards` hold
HTTP clients to the contract before they send. A broken rule is a `violation.Violation`.
"""
