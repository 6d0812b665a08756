"""Tests of what a user has written down."""
