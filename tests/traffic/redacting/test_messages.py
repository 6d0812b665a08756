"""Messages are redacted token by token, so what is wrong with them stays wrong."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import enkash_contract as ec
from enkash_contract.traffic.redacting.messages import Messages
from enkash_contract.traffic.redacting.texts import Texts
from enkash_contract.wire.message import Interaction, Request, Response

OPERATION = ec.load().pick()
MESSAGES = Messages([OPERATION], Texts([OPERATION], b"salt"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON.filter(lambda value: isinstance(value, (dict, list, str))))
def test_a_json_body_stays_one(value: object) -> None:
    """With members of the same types, and as many of them."""
    before = json.dumps(value)
    after = json.loads(MESSAGES.body(before.encode()))
    assert type(after) is type(value)
    assert len(after) == len(value)  # type: ignore[arg-type]  # all of them have a length


def _shape(text: str) -> str:
    """Return a text with one character for all of a kind."""
    for kind, pattern in (("x", "[a-z]"), ("X", "[A-Z]"), ("0", "[0-9]")):
        text = re.sub(pattern, kind, text)
    return text


@pytest.mark.parametrize(
    "url",
    [
        f"https://h.example{OPERATION.path.replace('req', '%72eq')}",
        f"https://h.example/{OPERATION.path}/",
        f"https://[2001:db8::7]:8443{OPERATION.path}",
        f"https://me:pw@h.example:port{OPERATION.path}",
        OPERATION.path,
    ],
)
def test_the_path_of_an_operation_stays_as_it_was_written(url: str) -> None:
    """Escaped, doubled, without a host, or in what is no address."""
    shown = MESSAGES.url(url)
    assert OPERATION.path.rpartition("-")[2] in shown
    assert not re.search("example|2001|db8|me:pw", shown)
    assert MESSAGES.url(url) == shown
    assert shown.startswith("https://" if ":" in url else OPERATION.path)


def test_equal_things_of_an_address_stay_equal() -> None:
    """Escaped or not, in a path, in a query and in a body; a value without a name is none."""
    shown = MESSAGES.url(
        f"https://h.example/INV%2D2026-17{OPERATION.path}?no=INV-2026-17&INV-2026-17&apiKey=abc#x"
    )
    other = json.loads(MESSAGES.body(b'{"a": "INV-2026-17", "b": "no INV-2026-17, please"}'))
    assert shown.split("/")[3] == other["a"] != "INV-2026-17"
    assert shown.endswith(f"?no={other['a']}&{other['a']}&apiKey=***")
    assert other["a"] in other["b"]


@pytest.mark.parametrize(
    "body",
    [
        '{"x": "2026-01-01 +919876543210"}',
        '{"name": "RAMESH KUMAR"}',
        '{"name": "RAMESH"}',
        '{"device": {"tag": {"name": "RAMESH KUMAR"}}}',
        '{"statusTransition": {"newStatus": "RAMESH"}, "x": {"acmeLimit": 1, "ramesh": 2}}',
        '{"ramesh@acme.example": 1, "Ramesh": 2, "acme.example": 3}',
        '{"cvv": 987, "pin": [987]}',
        "call 987 654 3210 ramesh acme",
        "{'phone': '987 654 3210', x: 987 654}",
        "phone=987+654+3210&ramesh=1",
        "ramesh ⒶⓂⒺ",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32-le"])
def test_nobody_is_known_by_a_body(body: str, encoding: str) -> None:
    """Not by an address for a name, a number in parts, or a name where a code is expected."""
    after = MESSAGES.body(body.encode(encoding))
    assert len(after) == len(body.encode(encoding))
    text = after.decode(encoding)
    known = re.compile("987|654|3210|ramesh|acme|kumar|ⒶⓂⒺ", re.IGNORECASE)
    assert known.findall(text) == []


def test_bytes_that_are_no_text_stay() -> None:
    """Here those of half a character, behind the mark of an encoding."""
    assert MESSAGES.body(b"\xff\xfea")[:2] == b"\xff\xfe"


def test_a_method_that_nobody_knows_is_a_text() -> None:
    """It may hold anything."""
    request = Request("RAMESH", "http://h/p")
    assert MESSAGES.redacted(Interaction(request, None)).request.method != "RAMESH"


@pytest.mark.parametrize(
    ("before", "kept", "gone"),
    [
        ('{"buyerB2BId": "ACME-1", "buyerB2BId": 1}', '"buyerB2BId": 1}', "ACME"),
        (r'{"supplierRemarks": "ab\n\"cd"}', r"\n\"", "ab"),
        ("{'b2bIds': {buyerB2BId: 'ACME'}, x: true}", "{'b2bIds': {buyerB2BId: '", "ACME"),
        ('{"supplierAction": "CANCEL", "x": "PAIX"}', '"supplierAction": "CANCEL"', "PAIX"),
        ('{"statusTransition": {"newStatus": "ON_HOLD"}}', '"ON_HOLD"', "never"),
        ('{"a": {"statusTransition": {"x": {}, "newStatus": "ON_HOLD"}}}', '"ON_HOLD"', "never"),
        ('{"newStatus": "ON_HOLD"}}]', "}}]", "ON_HOLD"),
        ('{"a": 12345, "b": 12, "c": -1.5, "d": null}', '"b": 12, "c": -1.5, "d": null', "2345"),
        ('{"Ramesh Kumar 7": null}', "null}", "Ramesh"),
        ('{"retryCount": "Ramesh", "$ref": 1}', '"retryCount": "', "Ramesh"),
        ('{"retryCount": "Ramesh", "$ref": 1}', '"$ref": 1', "Ramesh"),
        ('{"a": "cut and lef', '{"a": "', "cut"),
        ("objectId=ACME&null=7", "objectId=", "ACME"),
        ("objectId=ACME&null=7", "&null=", "ACME"),
        ("\ufeff[1, 2.5, NaN]", "[1, 2.5, NaN]", "x"),
    ],
)
def test_bodies_by_example(before: str, kept: str, gone: str) -> None:
    """The shape is the same."""
    after = MESSAGES.body(before.encode()).decode()
    assert _shape(after) == _shape(before)
    assert kept in after
    assert gone not in after


def test_other_scripts_are_written_as_they_were() -> None:
    """Escaped where they were escaped."""
    before = '{"supplierRemarks": "\\u0910\\ud83d\\ude00 \u0930"}'
    after = MESSAGES.body(before.encode()).decode()
    found = re.fullmatch(r'{"supplierRemarks": "(\\u09..)(\\ud83d\\ude..) (.)"}', after)
    assert found
    assert found[1] != "\\u0910"
    assert found[2] != "\\ud83d\\ude00"
    assert "\u0900" < found[3] != "\u0930"


def test_the_value_of_a_secret_is_hidden() -> None:
    """Its shape may be too much to tell."""
    assert MESSAGES.body(b'{"password": "hunter2"}') == b'{"password": "***"}'


def test_an_interaction_whole() -> None:
    """The path of the operation stays, the host and the query do not."""
    body = json.dumps(OPERATION.request.example).encode()
    url = f"https://me:pw@api.acme.example:8443/tenant7{OPERATION.path}?key=1&apiVersion="
    headers = (
        ("Host", "api.acme.example:8443"),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Authorization", "Bearer x"),
        ("Server", "acme/1"),
    )
    response = Response(200, (("Content-Encoding", "gzip"), ("Content-Length", "9")), b"{}")
    before = Interaction(Request("POST", url, headers, body), response, at=1.0, source="x.har")
    after = MESSAGES.redacted(before)
    request = after.request
    found = re.fullmatch(
        r"https://([a-z.]{16})\.invalid:8443/([a-z]{6}\d)(/api/.*)\?key=1&apiVersion=",
        request.url,
    )
    assert found
    assert found[3] == OPERATION.path
    assert found[2] != "tenant7"
    assert dict(request.headers) == {
        "Host": f"{found[1]}.invalid:8443",
        "Content-Type": "application/json",
        "Content-Length": str(len(request.body or b"")),
        "Authorization": "***",
        "Server": "***",
    }
    assert after.response == Response(200, (), b"{}")
    assert (after.at, after.source) == (1.0, "")


def test_what_was_not_recorded_stays_so() -> None:
    """And what is no URL is replaced as a text."""
    request = Request("POST", "http://[oops/secretplace", (("Content-Length", "7"),), None)
    after = MESSAGES.redacted(Interaction(request, None, "no response"))
    assert after.request.body is None
    assert after.request.headers == (("Content-Length", "7"),)
    assert "secretplace" not in after.request.url
    assert after.response is None
    nothing = Interaction(Request("GET", "http://h/p"), Response(200, (), None))
    assert MESSAGES.redacted(nothing).response == Response(200, (), None)


def test_a_text_that_is_none_keeps_its_shape() -> None:
    """An escape that JSON does not have, and half of a character."""
    for before in (r'{"a": "\xab cd"}', r'{"a": "\ud800 abc"}'):
        after = MESSAGES.body(before.encode()).decode()
        assert after != before
        assert len(after) == len(before)
