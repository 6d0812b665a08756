"""Files that hold traffic in a form that is not read here, and how to convert them.

Each is known by the bytes that it begins with.
"""

from __future__ import annotations

import re


def refusal(beginning: bytes, name: str) -> str:
    """Return why a file that begins so is not read, as what follows its name; "" if it may be."""
    for pattern, holds, remedy in KNOWN:
        if pattern.match(beginning):
            return f"holds {holds}, which are not read here; {remedy.format(name=name)}"
    return ""


KNOWN = (
    (
        re.compile(rb"\d{1,12}:(?:\d{1,9}:[a-z_]{2,40};|\d{1,12}:)"),
        "flows of mitmproxy",
        "convert them: mitmdump -nr {name} --set hardump=OUT.har",
    ),
    (
        re.compile(rb"\xd4\xc3\xb2\xa1|\xa1\xb2\xc3\xd4|\x4d\x3c\xb2\xa1|\x0a\x0d\x0d\x0a"),
        "captured packets",
        "record HAR instead, such as with mitmproxy or a browser",
    ),
)
"""The beginning of each kind of file, its content in words, and the remedy."""
