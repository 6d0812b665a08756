"""Tests of the recording reverse proxy."""
