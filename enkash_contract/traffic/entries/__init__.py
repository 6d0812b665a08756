"""Entries of recordings, and the parts of them that all formats share.

`entry` reads requests, responses and headers, `bodies` what stands for a body, `attached` the
bodies in files of their own, and `moments` times.
"""
