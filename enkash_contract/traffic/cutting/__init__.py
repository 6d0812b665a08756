"""Pieces cut out of recordings: one interaction each, of files of any size, in little memory.

`json_text`, `ndjson` and `yaml_text` each cut one way to write values down. They know where the
formats list their interactions, and nothing else of any format. A `piece` is one interaction, and a
`run` holds many that need not be cut apart; `window` and `tape` hold the text that is being cut.
"""
