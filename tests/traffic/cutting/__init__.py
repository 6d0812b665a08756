"""Tests of the room `traffic.cutting`."""
