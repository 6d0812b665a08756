"""What all tests share: pytest's own test bed, for tests of the plugin."""

pytest_plugins = ["pytester"]
