"""Files of recordings as streams of plain text, wherever they are and however they are packed.

`files` and `listing` search folders and addresses, `access` opens either, and `unpacking` undoes
packings and looks into `archives`.
"""
