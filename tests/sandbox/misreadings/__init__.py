"""Tests of the misreadings."""
