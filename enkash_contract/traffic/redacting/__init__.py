"""Recordings that can be handed on: nobody can be known by them, and each verdict is the same.

`letters` turns a text into another of the same shape, `texts` does so where it says something, and
`messages` and `fields` do in requests and responses. `written` writes these in the format that they
came in, of the parts in `members`, and `recordings` does it with whole files, `packing` them.
Only what a verdict needs is written at all: whatever else a recorder keeps is left out.
"""
