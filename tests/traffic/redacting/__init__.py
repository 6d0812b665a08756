"""Tests of redacted recordings."""
