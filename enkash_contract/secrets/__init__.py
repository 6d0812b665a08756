"""Secrets, which must not be shown in any spelling.

`redaction` finds secrets in requests, responses and texts and hides them; `secret_names` knows by
which names a value is secret; `escapes` knows in which spellings a value can reappear. Every room
above quotes text only through `redaction.Secrets`.
"""
