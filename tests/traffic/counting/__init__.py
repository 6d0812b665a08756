"""Tests of `enkash_contract.traffic.counting`."""
