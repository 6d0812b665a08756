"""Tests of the ways to a target."""
