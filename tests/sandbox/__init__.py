"""Tests of the sandbox and its defects."""
