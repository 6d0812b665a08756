"""Tests of open questions that are put to a server."""
