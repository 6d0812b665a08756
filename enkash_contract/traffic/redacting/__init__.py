"""Recordings that can be handed on: nobody can be known by them, and each verdict is the same.

`texts` replaces a text by another of the same shape, `messages` does so in requests and responses,
`written` writes them in the format that they came in, and `recordings` does it with whole files.
Only what a verdict needs is written at all: whatever else a recorder keeps is left out.
"""
