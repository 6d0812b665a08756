"""The command line: one function a command, one module for the largest of them.

`main` is the entry point; `check` is `enkash-contract check`; `commands` and `options` have what
commands share, and `output` prints lists and ends a command with its exit code.
"""
