"""The tests of enkash_contract."""
