"""The sum of what recordings show, of a size that does not grow with them."""
