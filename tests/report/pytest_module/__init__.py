"""Tests of the report that is a pytest module."""
