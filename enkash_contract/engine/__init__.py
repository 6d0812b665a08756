"""A run against a target: what is sent, in which order, and what counts.

`selection` is what a user chose, `plan` the cases that follow from it, `session` sends them and
repeats what must be confirmed, `ledger` keeps since when the baseline is trusted, `watch` looks
after it, `stability` knows what chance explains, `reruns` sends again what may come out otherwise,
`notes` says what a person should know, and `run` is the whole of it. `selftest` has `bench` run
against every sandbox with a seeded defect.
"""
