"""Tests of `enkash_contract.traffic.gateways`."""
