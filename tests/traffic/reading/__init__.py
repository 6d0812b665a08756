"""Tests of `enkash_contract.traffic.reading`."""
