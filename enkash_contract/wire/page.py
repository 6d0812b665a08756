"""A response that is meant for a person: a page in HTML, or plain text.

Proxies, firewalls and frameworks respond so in place of an operation, and say there what is wrong.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from enkash_contract.wire.message import media_type

if TYPE_CHECKING:
    from enkash_contract.wire.message import Response

_HTML = ("text/html", "application/xhtml+xml")
_TEXT = "text/plain"

_READ = 20_000
"""The characters that are looked at: a person reads the beginning, and some pages have no end."""

_UNSEEN = re.compile(
    r"<!--.*?-->|<(title|script|style|template|noscript)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
_TITLE = re.compile(r"<title\b[^<>]*>(.*?)</title\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[/!?a-zA-Z][^<>]*>")


def visible_text(response: Response) -> str:
    """Return the text that a person sees of a page, on one line; "" for what is no page.

    That of an empty page is its title.
    """
    label = media_type(response.headers)
    text = (response.body or b"")[:_READ].decode("utf-8", "replace")
    if label in _HTML:
        seen = _plain(_UNSEEN.sub(" ", text))
        title = _TITLE.search(text)
        return seen or (_plain(title[1]) if title else "")
    return " ".join(text.split()) if label == _TEXT else ""


def _plain(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())
