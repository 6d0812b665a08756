"""Tests of `enkash_contract.traffic.entries`."""
