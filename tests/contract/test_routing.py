"""Which operation a request speaks to, however its path is spelled."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.contract import bundled
from enkash_contract.contract.routing import (
    described_at,
    encoded_path,
    is_preflight,
    is_whole_path,
    match_path,
    match_request,
    normal_path,
    operation_of,
)
from enkash_contract.wire.message import Request

OPERATION = bundled().pick()
PATH = OPERATION.path
SPELLED = PATH.replace("-", "%2D").replace("v", "%76")


@pytest.mark.parametrize(
    ("url", "match"),
    [
        (PATH, "own"),
        (f"https://h{PATH}", "own"),
        (f"https://h/base{PATH}?a=/", "own"),
        (f"{PATH}?a=//", "own"),
        (SPELLED, "own"),
        (SPELLED.replace("%2D", "%2d"), "own"),
        (f"https://h/b%C3%A4se{SPELLED}", "own"),
        (f"https://h/base\ud800{SPELLED}", "own"),
        (f"{PATH}/", "mistyped"),
        (f"{PATH}//", "mistyped"),
        (f"{SPELLED}/", "mistyped"),
        (f"https://h{PATH}/?a=1", "mistyped"),
        (f"https://h/base{PATH}/", "mistyped"),
        (PATH.replace("/invoice", "//invoice"), "mistyped"),
        (PATH.replace("/v0/", "///v0///"), "mistyped"),
        (f"https://h{PATH.replace('/v0', '//v0')}/", "mistyped"),
        (PATH.upper(), "mistyped"),
        (f"{PATH.title()}/", "mistyped"),
        # What stands before the operation's path is the server's own.
        (f"https://h//base/{PATH}", "own"),
        # Any other path is somebody else's, or the target's own mount.
        ("", "other"),
        ("/", "other"),
        ("https://h", "other"),
        ("https://h//", "other"),
        ("/anything/", "other"),
        (f"{PATH}x/", "other"),
        (f"{PATH}/more/", "other"),
        (f"/other?{PATH}", "other"),
        (f"/other#{PATH}", "other"),
        (PATH.removeprefix("/api") + "/", "other"),
        # An encoded slash separates nothing (RFC 3986, section 2.2).
        (PATH.replace("/v0/", "/v0%2F"), "other"),
        (PATH.replace("-", "%252D"), "other"),
    ],
)
def test_how_a_path_is_matched(url: str, match: str) -> None:
    """A path is own in any spelling of its characters, and mistyped by slashes and capitals."""
    assert match_path(OPERATION, url) == match


@pytest.mark.parametrize(
    ("method", "url", "match"),
    [
        ("POST", PATH, "own"),
        ("GET", PATH, "mistyped"),
        ("post", PATH, "mistyped"),
        ("POST", f"{PATH}/", "mistyped"),
        ("GET", f"{PATH}/", "mistyped"),
        ("OPTIONS", PATH, "other"),
        ("OPTIONS", f"{PATH}/", "other"),
        ("GET", "/elsewhere", "other"),
        ("POST", "/elsewhere", "other"),
    ],
)
def test_how_a_request_is_matched(method: str, url: str, match: str) -> None:
    """Another method is mistyped like a path; only a preflight speaks to nobody of ours."""
    assert match_request(OPERATION, Request(method, url)) == match
    assert is_preflight(OPERATION, Request(method, url)) == (method == "OPTIONS")


def test_an_operation_may_have_the_method_of_a_preflight() -> None:
    """Then a request by it is the operation's own."""
    operation = replace(OPERATION, method="OPTIONS")

    assert match_request(operation, Request("OPTIONS", PATH)) == "own"


def test_an_address_that_cannot_be_read_is_an_error() -> None:
    """Nobody can say which path it has."""
    with pytest.raises(ValueError, match="Invalid IPv6 URL"):
        match_request(OPERATION, Request("POST", "http://[::1"))


@pytest.mark.parametrize(
    ("path", "url", "match"),
    [
        ("/change/", "/change/", "own"),
        ("/change/", "/change", "mistyped"),
        ("/pay:now", "/pay:now", "own"),
        ("/pay:now", "/pay%3Anow", "other"),
        ("/pay now", "/pay%20now", "own"),
        ("/zahlen/ä", "/zahlen/%c3%A4", "own"),
        ("/", "/anything", "other"),
        ("/", "/anything/", "own"),
    ],
)
def test_the_document_s_path_is_compared_in_its_normal_form(
    path: str, url: str, match: str
) -> None:
    """What a document writes plainly is encoded on the wire."""
    assert match_path(replace(OPERATION, path=path), url) == match


PIECES = st.lists(
    st.one_of(
        st.characters(codec="utf-8", exclude_characters="%?#"),
        st.integers(0, 255).map("%{:02x}".format),
    )
).map("".join)


@given(path=PIECES)
def test_normal_paths_stay_as_they_are(path: str) -> None:
    """The normal form of a normal form is itself, and is plain ASCII."""
    normal = normal_path(path)

    assert normal_path(normal) == normal
    assert normal.isascii()


@given(st.data())
def test_any_spelling_of_the_characters_is_the_same_path(data: st.DataObject) -> None:
    """Every unreserved character of the path may be percent-encoded, in either case."""

    def spelled(char: str) -> str:
        code = f"%{ord(char):02x}"
        return char if char == "/" else data.draw(st.sampled_from([char, code, code.upper()]))

    before = data.draw(st.sampled_from(["", "/base", "https://host", "https://host/%2D"]))
    url = before + "".join(map(spelled, PATH))

    assert match_path(OPERATION, url) == "own"
    assert match_path(OPERATION, f"{url}/") == "mistyped"


@given(st.data())
def test_slashes_and_capitals_alone_are_mistyped(data: st.DataObject) -> None:
    """A path that differs in them is never own and never another's."""
    slashes = st.integers(1, 3)
    parts = [
        "/" * data.draw(slashes)
        if char == "/"
        else data.draw(st.sampled_from([char, char.upper()]))
        for char in PATH
    ]
    path = f"https://host{''.join(parts)}{'/' * (data.draw(slashes) - 1)}"
    # Slashes at its beginning belong to what stands before.
    same = path.replace("host//", "host/").replace("host//", "host/").endswith(PATH)

    assert match_path(OPERATION, path) == ("own" if same else "mistyped")


@given(path=st.text(st.characters(codec="utf-8")))
def test_a_decoded_path_is_encoded_again(path: str) -> None:
    """The path that a server has decoded is the one that the client sent."""
    assert encoded_path(path) == normal_path(quote(path, safe="/:@!$&'()*+,;="))


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        (PATH, True),
        (f"http://h{SPELLED}?a=1", True),
        (f"/base{PATH}", False),
        (f"{PATH}/", False),
        (PATH.upper(), False),
    ],
)
def test_a_whole_path_has_nothing_before_it(url: str, whole: object) -> None:
    """A sandbox serves the operation's path and none that ends with it."""
    assert is_whole_path(OPERATION, Request("GET", url)) is whole


def test_one_of_several_operations_is_spoken_to() -> None:
    """The first that fits in all wins, and then the first that was mistyped."""
    operations = [
        replace(OPERATION, id="other", path="/other"),
        replace(OPERATION, id="post"),
        replace(OPERATION, id="get", method="GET"),
        replace(OPERATION, id="again"),
    ]

    def spoken_to(method: str, url: str) -> str | None:
        operation = operation_of(iter(operations), Request(method, url))
        return None if operation is None else operation.id

    assert spoken_to("POST", PATH) == "post"
    assert spoken_to("GET", f"/base{SPELLED}") == "get"
    assert spoken_to("PUT", PATH) == "post"
    assert spoken_to("GET", f"{PATH}/") == "post"
    assert spoken_to("POST", "/other") == "other"
    assert spoken_to("OPTIONS", PATH) is None
    assert spoken_to("POST", "/elsewhere") is None
    assert operation_of([], Request("POST", PATH)) is None


@pytest.mark.parametrize(
    ("path", "method", "found"),
    [
        (PATH, "POST", True),
        (PATH, "post", True),
        (PATH, "", True),
        (PATH.rpartition("/v0")[2], "POST", True),
        (SPELLED, "POST", True),
        (PATH, "GET", False),
        (f"/base{PATH}", "POST", False),
        ("/elsewhere", "", False),
    ],
)
def test_where_another_document_describes_an_operation(
    path: str, method: str, found: object
) -> None:
    """Its path may lack a beginning, which its servers hold then."""
    expected = OPERATION if found else None

    assert described_at([OPERATION], path, method) is expected
