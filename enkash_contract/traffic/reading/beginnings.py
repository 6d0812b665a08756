"""The first bytes of archives, which tell them before the modules that read them are imported."""

from __future__ import annotations

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_AT, _TAR = 257, b"ustar"


def is_archive(head: bytes) -> bool:
    """Return whether a file that begins so is a zip, also an empty one, or a tar."""
    return head.startswith(ZIP) or head.startswith(_TAR, _TAR_AT)
