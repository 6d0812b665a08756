"""Addresses: a base is completed, and what is whole stays as it was written."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.contract import bundled
from enkash_contract.contract.routing import match_path
from enkash_contract.engine.transport.address import address, is_documented, is_url
from enkash_contract.errors import TargetError

OPERATION = bundled().pick()
PATH = OPERATION.path
PREFIXES = st.lists(st.sampled_from(["gateway", "v1", "%2e", "api"]), max_size=3).map(
    lambda parts: "".join(f"/{part}" for part in parts)
)


@given(
    prefix=PREFIXES, slashes=st.sampled_from(["", "/", "//"]), query=st.sampled_from(["", "a=/"])
)
def test_a_base_is_completed(prefix: str, slashes: str, query: str) -> None:
    """With the documented path, whatever ends the base."""
    mark = "?" if query else ""
    whole = address(f"http://h:1{prefix}{slashes}{mark}{query}", OPERATION)
    assert whole == f"http://h:1{prefix}{PATH}{mark}{query}"
    assert is_documented(whole, OPERATION)


@given(
    prefix=PREFIXES,
    path=st.sampled_from(
        [PATH, f"{PATH}/", f"{PATH}//", PATH.upper(), PATH.replace("-", "%2d"), f"/{PATH}"]
    ),
)
def test_a_whole_address_stays_as_it_is(prefix: str, path: str) -> None:
    """A slash at the end, the case of letters and codes are the server's own affair."""
    given_address = f"https://h{prefix}{path}?a=1"
    assert address(f"{given_address}#there", OPERATION) == given_address
    assert match_path(OPERATION, given_address) != "other"
    documented = urlsplit(given_address).path.endswith(PATH)
    assert is_documented(given_address, OPERATION) == documented


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("http://", "^http:// names no host; write e.g. http://127.0.0.1:8080$"),
        ("http://h:port", "^http://h:port is not a URL: Port could not be cast"),
        ("http://[h", "^http://.h is not a URL: Invalid IPv6 URL$"),
        ("http://u:a/b@h", "^http://h is not a URL: write /, .* of a password as %2F"),
    ],
)
def test_what_is_no_address_is_refused(target: str, why: str) -> None:
    """In one line, without a password."""
    with pytest.raises(TargetError, match=why):
        address(target, OPERATION)


def test_only_texts_that_begin_as_urls_are_urls() -> None:
    """All else is an application, or names one, and has the documented path."""
    targets = ("HTTP://h", "https://h", "app:http", None, object())
    assert [is_url(target) for target in targets] == [True, True, False, False, False]
    assert [is_documented(target, OPERATION) for target in targets[2:]] == [True] * 3
