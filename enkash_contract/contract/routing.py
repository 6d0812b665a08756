"""Which operation a request speaks to: one answer for guards, recordings, tests and the sandbox.

Paths are compared as RFC 3986 (section 6.2.2) compares them: `%2D` and `-` are one character, and
what is reserved (`%2F`) stays encoded. What stands before the operation's path is the server's own.
Another path may be anybody's, unless it differs from the operation's in slashes or in the case of
letters alone: then a person mistyped it.
"""

from __future__ import annotations

import functools
import re
import string
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlsplit

from enkash_contract.contract.operation import TO_ENKASH
from enkash_contract.wire.message import plain_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.contract.operation import Direction, Operation
    from enkash_contract.wire.message import Request

Match = Literal["own", "mistyped", "other"]

_UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")

_IN_PATHS = "/:@!$&'()*+,;="
"""The characters that a path may hold as they stand, besides the unreserved ones."""

_ENCODED = re.compile("%[0-9A-Fa-f]{2}")


def match_request(operation: Operation, request: Request) -> Match:
    """Return whether `request` speaks to `operation`: "own", "mistyped" or "other".

    Mistyped is its path, or its method. A preflight is "other", whatever its path.

    Raises:
        ValueError: the URL of the request cannot be read.

    """
    path = match_path(operation, request.url)
    if path == "other" or is_preflight(operation, request):
        return "other"
    return path if request.method == operation.method else "mistyped"


def match_path(operation: Operation, url: str) -> Match:
    """Return whether the path of `url` ends with that of `operation`, well written or mistyped.

    Raises:
        ValueError: the URL cannot be read.

    """
    return match_paths(operation.path, url)


def match_paths(documented: str, url: str) -> Match:
    """Return whether the path of `url` ends with a documented one, which is empty if none is known.

    Raises:
        ValueError: the URL cannot be read.

    """
    path = urlsplit(url).path
    if not documented:
        return "other"
    if path.endswith(documented):
        return "own"
    plain = plainest(documented)
    if not plain or not plainest(path).endswith(plain):
        return "other"
    return "own" if normal_path(path).endswith(normal_path(documented)) else "mistyped"


@functools.lru_cache(maxsize=256)
def plainest(path: str) -> str:
    """Return what all spellings of a path have in common, also those that are mistyped."""
    return plain_path(normal_path(path)).lower()


def is_preflight(operation: Operation, request: Request) -> bool:
    """Return whether a browser asks with `request` whether it may send another one.

    It speaks to the browser's rules (https://fetch.spec.whatwg.org/#cors-preflight-fetch), and no
    page of the API is about it.
    """
    return request.method == "OPTIONS" != operation.method


def is_whole_path(operation: Operation, request: Request) -> bool:
    """Return whether the path of `request` is that of `operation`, and nothing before it."""
    return normal_path(request.path) == normal_path(operation.path)


def operation_of(
    operations: Iterable[Operation], request: Request, direction: Direction | None = None
) -> Operation | None:
    """Return the operation that `request` speaks to, the mistyped ones last; None if there is none.

    Of those with one path in both directions, it is the one of `direction`; where that is not
    known, of two that match alike, it is the one by which EnKash is called.

    Raises:
        ValueError: the URL of the request cannot be read.

    """
    candidates = [each for each in operations if direction in (None, each.direction)]
    candidates.sort(key=lambda each: each.direction != TO_ENKASH)
    # The first of each kind stands last, and so stays.
    by_match = {match_request(operation, request): operation for operation in candidates[::-1]}
    return by_match.get("own", by_match.get("mistyped"))


def described_at(operations: Iterable[Operation], path: str, method: str = "") -> Operation | None:
    """Return the operation that another document describes at `path`; None if there is none.

    Its servers may hold the beginning of the path. Without a `method`, any of them will do.
    """
    end = normal_path(path)
    return next(
        (
            operation
            for operation in operations
            if normal_path(operation.path).endswith(end)
            and method.upper() in ("", operation.method)
        ),
        None,
    )


def normal_path(path: str) -> str:
    """Return the normal form of a path: only what must be encoded is, and in upper case."""
    # A recorder may write half a character into an address.
    return _ENCODED.sub(_normal, quote(path, safe=f"{_IN_PATHS}%", errors="surrogatepass"))


def encoded_path(path: str) -> str:
    """Return the normal form of a path that a server has decoded."""
    return quote(path, safe=_IN_PATHS, errors="surrogatepass")


def _normal(encoded: re.Match[str]) -> str:
    char = chr(int(encoded[0][1:], 16))
    return char if char in _UNRESERVED else encoded[0].upper()
