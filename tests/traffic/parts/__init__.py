"""Tests of `enkash_contract.traffic.parts.parts`."""
