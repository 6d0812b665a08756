"""Tests of runs against a target."""
