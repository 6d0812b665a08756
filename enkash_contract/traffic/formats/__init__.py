"""The formats of recordings, one module each, found through `table.FORMATS`. They judge nothing."""
