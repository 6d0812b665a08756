"""Tests of the hooks for Schemathesis."""
