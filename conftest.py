"""Plugins of all tests: pytest's own test bed, for tests of the plugin, and Hypothesis' profile."""

pytest_plugins = ["pytester", "tests.support.hypothesis_profile"]
