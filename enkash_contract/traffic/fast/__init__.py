"""The quick way for what most recordings hold: decoded once, by its types, and counted."""
