"""Tests that cross rooms: a user's whole way through the product, on real counterparts."""
