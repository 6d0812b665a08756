"""Tests of what is learned from recordings."""
