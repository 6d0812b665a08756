"""Pieces cut out of recordings: one interaction each, of files of any size, in little memory.

A module for each way to write values down. They know where the formats list their interactions, and
nothing else of any format.
"""
