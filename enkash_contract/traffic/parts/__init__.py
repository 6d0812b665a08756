"""Recordings judged in parts, side by side; what the parts show is added up in their order."""
