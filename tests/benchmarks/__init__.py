"""Benchmarks, each beside the tool a user would otherwise pick; never timed in CI."""
