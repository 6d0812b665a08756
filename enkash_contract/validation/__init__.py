"""Validation: the rules that a payload or a request breaks, and what a server did.

`validate` judges payloads, by the compiled rules of `validator`; `request` judges whole requests,
and `outcome` reads responses. `guards` judge requests before they are sent, and `client_guards` put
them into HTTP clients. A broken rule is a `violation.Violation`.
"""
