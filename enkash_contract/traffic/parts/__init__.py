"""Recordings judged in parts, side by side; the results of the parts add up in their order.

`parts` divides files, by `ranges` where they are large, and `crew` chooses the `workers`: the
`processes` of this machine, or those of a `cluster`, to which `sent` belongs. `interrupts` keeps
Ctrl-C from them.
"""
