"""The sum of what recordings show, of a size that does not grow with them.

`reduction` is the sum, and `lacks` has the notes on what was not recorded; `doubts` waits for the
directions of requests to become known, and `numbering` for the number of a part's first line.
"""
