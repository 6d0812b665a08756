"""Tests of generated values, requests and responses."""
