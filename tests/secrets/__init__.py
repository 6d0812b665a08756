"""Tests of what must not be shown."""
