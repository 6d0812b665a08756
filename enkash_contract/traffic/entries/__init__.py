"""Entries of recordings, and the parts of them that all formats share."""
