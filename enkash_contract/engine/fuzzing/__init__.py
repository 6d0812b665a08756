"""Random requests after the suite, each failure confirmed and shrunk.

`fuzzer` draws and sends, `draws` has the strategies, `prober` sends again what may be a matter of
chance, `steps` names the single steps of a fuzzed difference, `found` is what came of it, and
`options` is what a user may choose.
"""
