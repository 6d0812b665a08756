"""Logs of gateways as interactions: a mapping says where a log holds each member of our shape."""
