"""The formats of recordings, one module each, found through `table.FORMATS`. They judge nothing.

A new one also needs a writer in `redacting.written.WRITERS`, its name in `cli.formats.FORMATS`, and
a row in docs/recordings.md; tests hold all three complete.
"""
