"""Tests of `enkash_contract.traffic.fast.fast`."""
