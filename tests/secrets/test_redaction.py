"""Whatever the body and wherever the secret, what is shown does not hold it; the rest is as it was.

The secrets of these tests are made of letters that nothing else in them holds, so that a part of
one can be told from everything around it.
"""

from __future__ import annotations

import base64
import html
import json
import pickle
import quopri
import urllib.parse
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from enkash_contract.contract.contract import bundled
from enkash_contract.secrets import redaction, secret_names
from enkash_contract.secrets.escapes import plain
from enkash_contract.secrets.needles import SHORTEST
from enkash_contract.secrets.redaction import Secrets, Variable
from enkash_contract.secrets.secret_names import HIDDEN
from enkash_contract.wire.message import Interaction, Request

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ["accessToken", "password", "X-Api-Key", "client_secret", "otp", "JSESSIONID", "userPIN"]
names = st.sampled_from(NAMES)
secrets = st.text("QZẞ字🧾'\"\\/%&+<= ", min_size=4, max_size=12).filter(
    lambda one: len(one.strip()) >= 4 and "Q" in one and not one.isspace()
)
plain_values = st.recursive(
    st.none() | st.integers(0, 99) | st.text("abc é{}[]:,", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcdef"), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def holders(draw: st.DrawFn) -> tuple[Any, str]:
    """Draw a payload with a secret in it, somewhere, under the name of one."""
    secret = draw(secrets)
    name = draw(names)
    value: Any = {**draw(st.dictionaries(st.sampled_from("abc"), plain_values)), name: secret}
    for kind in draw(st.lists(st.sampled_from("lon"), max_size=3)):
        if kind == "l":
            value = [draw(plain_values), value]
        elif kind == "o":
            value = {"inner": value, "z": draw(plain_values)}
        else:
            value = {"text": json.dumps(value, ensure_ascii=draw(st.booleans()))}
    return value, secret


ENCODINGS = ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"]


@given(holders(), st.booleans(), st.sampled_from([None, 1]), st.sampled_from(ENCODINGS))
def test_by_its_name_it_is_found_in_any_json(
    held: tuple[Any, str],
    ascii_only: bool,  # noqa: FBT001 - drawn
    indent: int | None,
    encoding: str,
) -> None:
    """However deep, in JSON inside of JSON too, with or without escapes, in any encoding."""
    value, _ = held
    body = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode(encoding)
    shown = Secrets().hide_bytes(body)

    assert shown != body
    assert {"Q", "Z", "\\u5b57"} & set(plain(shown.decode(encoding))) == set()


@given(holders(), st.data())
def test_what_is_cut_off_is_found_too(held: tuple[Any, str], data: st.DataObject) -> None:
    """Half a body holds half a secret."""
    text = json.dumps(held[0], ensure_ascii=False)
    shown = Secrets().hide(text[: data.draw(st.integers(0, len(text)))])

    assert {"Q", "Z"} & set(shown) == set()


WRITERS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "json": json.dumps,
    "json twice": lambda one: json.dumps(json.dumps(one)),
    "all escaped": lambda one: "".join(f"\\u{at:04X}" for at in _units(one)),
    "percent": urllib.parse.quote,
    "percent twice": lambda one: urllib.parse.quote(urllib.parse.quote(one)),
    "form": urllib.parse.quote_plus,
    "html": html.escape,
    "entities": lambda one: "".join(f"&#x{ord(char):x};" for char in one),
    "bytes": lambda one: repr(one.encode()),
    "octal": lambda one: "".join(f"\\{byte:03o}" for byte in one.encode()),
    "utf-16 as something else": lambda one: one.encode("utf-16-le").decode("latin-1"),
    "base64": lambda one: base64.b64encode(one.encode()).decode(),
    "base64 behind another": lambda one: base64.b64encode(f"me:{one}".encode()).decode(),
    "base64 of addresses": lambda one: base64.urlsafe_b64encode(f"m:{one}".encode()).decode(),
    "base64 twice": lambda one: base64.b64encode(base64.b64encode(one.encode())).decode(),
    "base32": lambda one: base64.b32encode(f"m:{one}".encode()).decode(),
    "hexadecimal": lambda one: one.encode().hex(),
    "mail": lambda one: quopri.encodestring(one.encode()).decode().replace("=\n", ""),
    "mail, everything": lambda one: "".join(f"={byte:02X}" for byte in one.encode()),
    "entities without their ends": lambda one: "".join(f"&#{ord(char)}" for char in one),
    "code points": lambda one: "".join(f"\\u{{{ord(char):x}}}" for char in one),
    "ascii ignored": lambda one: one.encode("ascii", "ignore").decode(),
    "other case": str.swapcase,
}


def _units(text: str) -> list[int]:
    raw = text.encode("utf-16-be")
    return [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]


@pytest.mark.parametrize("writer", [*WRITERS])
@settings(max_examples=40)
@given(st.text("QZqz0é%+/\\\"'&", min_size=8, max_size=20), st.text("ab ", max_size=5))
@example("%41QZQZ+%2B\\", "")
@example("0\\00%000", "")
def test_by_its_value_it_is_found_in_any_spelling(writer: str, secret: str, before: str) -> None:
    """Once a value is known, it is found wherever a server puts it."""
    if writer == "utf-16 as something else":
        secret = secret.replace("é", "e")
    known = Secrets()
    known.add(secret)
    told = WRITERS[writer](secret)
    shown = known.hide(f"{before}[{told}]{before}")

    assert HIDDEN in shown or len(told) < SHORTEST
    assert len(shown) <= len(f"{before}[{told}]{before}") + len(HIDDEN)
    if HIDDEN in shown:
        assert told not in shown


@pytest.mark.parametrize("between", [" ", "\n  ", "<br>", "<wbr>\n"])
@given(st.text("QZ-_9", min_size=16, max_size=90), st.integers(1, 15), st.integers(0, 4))
def test_what_is_broken_or_cut_is_found(between: str, secret: str, at: int, cut: int) -> None:
    """A long secret is known in two lines, in two elements, and without its last characters."""
    known = Secrets()
    known.add(secret)
    shown = known.hide(f"[{secret[:at]}{between}{secret[at : len(secret) - cut]}]")

    assert HIDDEN in shown
    assert set(secret) & set(shown) <= set(between)


def test_of_a_long_secret_the_rest_is_hidden_too() -> None:
    """Spelled otherwise, only its beginning is known; what hangs on to that goes with it."""
    known = Secrets()
    known.add("QZ" * 2000)
    encoded = base64.b64encode(b"QZ" * 2000).decode()

    assert known.hide(f"{encoded} x") == f"{HIDDEN} x"
    assert known.hide("QZ" * 2000 + ", x") == f"{HIDDEN}, x"


@given(plain_values, st.sampled_from(ENCODINGS))
def test_what_holds_no_secret_is_shown_unchanged(value: Any, encoding: str) -> None:
    """The very same bytes, as long as no name and no value is one of a secret."""
    known = Secrets()
    known.add("hunter-2")
    body = json.dumps(value, ensure_ascii=False).encode(encoding)

    assert known.hide_bytes(body) is body
    assert known.pieces(body) == [body]


@given(st.binary(max_size=60))
def test_any_bytes_are_shown_unchanged(body: bytes) -> None:
    """What is no text at all is not changed either, nor is half of it."""
    known = Secrets()
    assert known.hide_bytes(body + b"[password=canary-1]").endswith(b"[password=***]")
    assert known.hide_bytes(body) == body


def test_nothing_of_the_contract_is_a_secret() -> None:
    """No member that the document describes is hidden, nor any request of the suite changed."""
    described = bundled().pick().described
    example = json.dumps(bundled().pick().request.example)

    assert [name for name in described if secret_names.is_secret(name)] == []
    assert {"device", "tag", "value", "b2bIds", "supplierRemarks", "response_code"} <= described
    assert Secrets().hide(example) == example


def test_what_a_contract_describes_is_never_secret_by_its_name() -> None:
    """An overlay that has rules for an otp makes a member of it like any other."""
    text = '{"otp":"123456","credentials":{"otp":"abcdef"}}'
    assert Secrets(["otp"]).hide(text) == '{"otp":"123456","credentials":{"otp":"***"}}'
    assert Secrets(["otp"]).are_at(("a", 0, "otp")) is False
    assert Secrets().are_at(("a", 0, "otp", "b")) is True


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"otp":123456,"tokens":12,"pin":null}', '{"otp":***,"tokens":12,"pin":null}'),
        ('{"credentials":{"user":"me","n":[1,"two"]},"y":2}', None),
        ("{'password': 'a\"b'}", "{'password': '***'}"),
        ('"token"=>"x"', '"token"=>"***"'),
        ('{"token":', '{"token":'),
        ('{"token":}', '{"token":}'),
        ('{"token":bare}', '{"token":***}'),
        ('{"pin":[1234,true]}', '{"pin":[***,true]}'),
        ('{"tokens":[1,{"a":["x"', '{"tokens":[1,{"a":["***"'),
        ("password=hunter2&x=1", "password=***&x=1"),
        ("token:'x y'", "token:'***'"),
        ("invalid token: expected a string", "invalid token: expected a string"),
        ("token: Zx81k", "token: ***"),
        ("<a:accessToken b='c'>x</a>", "<a:accessToken b='c'>***</a>"),
        ("<p>x</p>", "<p>x</p>"),
        ('<input name="csrf_token" value="q">', '<input name="csrf_token" value="***">'),
        ('<input name="city" value="q">', '<input name="city" value="q">'),
        ("<city>q</city><pin>1234</pin>", "<city>q</city><pin>***</pin>"),
        ("Authorization: Bearer abc123", "Authorization: Bearer ***"),
        ("Bearer token required", "Bearer token required"),
        ("Cookie: a=b; c=d", "Cookie: ***"),
        ("eyJhbGciOiJI.eyJzdWIi.c2ln", "***"),
        ("%22apiKey%22%3A%22x%22", "%22apiKey%22%3A%22***%22"),
        ("&quot;apiKey&quot;: &quot;x&quot;", "&quot;apiKey&quot;: &quot;***&quot;"),
    ],
)
def test_by_its_name_it_is_found_in_other_notations(text: str, shown: str | None) -> None:
    """Python, Ruby, forms, XML, HTML and prose, whole or not."""
    expected = '{"credentials":{"user":"***","n":[1,"***"]},"y":2}' if shown is None else shown
    assert redaction.BY_NAME.hide(text) == expected
    assert redaction.BY_NAME.hide(expected) == expected


REQUEST = Request(
    "POST",
    "https://user:pa%2Fss@h/x?key=query-value&ok=1",
    (
        ("Content-Type", "application/json"),
        ("Authorization", "Basic " + base64.b64encode(b"basic-user:basic-word").decode()),
        ("Proxy-Authorization", "Basic no-base64!"),
        ("X-Key", "Scheme last-word"),
        ("Cookie", "a=cookie-value; b"),
        ("Referer", "https://h/?from=refers-to"),
        ("X-Flag", "true"),
        ("X-Short", "abc"),
    ),
    b'{"token":"body-value","cvv":"123","note":"\\"pin\\":\\"98765\\""}',
)


def test_a_request_tells_its_secrets() -> None:
    """Credentials of all kinds are known by their value afterwards, short ones by name alone."""
    known = redaction.of_request(REQUEST)
    told = (
        "basic-user basic-word last-word no-base64! cookie-value refers-to query-value pa/ss "
        "pa%2Fss user body-value 98765"
    )

    assert known.hide(told) == " ".join([HIDDEN] * 12)
    assert known.hide("application/json true abc 123 Scheme") == (
        "application/json true abc 123 Scheme"
    )
    assert "word" not in repr(known)
    assert redaction.of(Interaction(REQUEST, None)).hide("last-word") == HIDDEN
    assert redaction.of(Interaction(REQUEST, None, secrets=Secrets())).hide("last-word") != HIDDEN
    assert pickle.loads(pickle.dumps(known)).hide("last-word") == HIDDEN  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("X-Request-Id", "4f2a", "4f2a"),
        ("x-correlation-id", "a-b", "a-b"),
        ("Request-Id", "|7.1", "|7.1"),
        ("traceparent", "00-4bf9-00f0-01", "00-4bf9-00f0-01"),
        ("CF-Ray", "8a-BOM", "8a-BOM"),
        ("Server", "nginx", "nginx"),
        ("Location", "/login?code=canary#canary", "/login"),
        ("location", "https://me:canary@h/x#canary", "https://h/x"),
        ("Location", "/last-word/x", HIDDEN),
        ("X-Request-Id", "last-word", HIDDEN),
        ("X-Other", "1", HIDDEN),
        ("Set-Cookie", "a=1", HIDDEN),
    ],
)
def test_headers_of_a_response(name: str, value: str, shown: str) -> None:
    """By what a server is asked about a response is shown, unless it is known to be secret."""
    assert redaction.of_request(REQUEST).hide_header(name, value) == shown


def test_what_names_a_request_is_no_secret() -> None:
    """A server that echoes it helps to find the request in its logs."""
    request = Request("POST", "http://h", (("X-Request-Id", "4f2a-11"), ("X-Key", "canary-1")))
    known = redaction.of_request(request)

    assert known.hide_header("x-request-id", "4f2a-11") == "4f2a-11"
    assert known.hide_header("x-request-id", "canary-1") == HIDDEN


def test_an_address_that_is_none_tells_nothing() -> None:
    """What cannot be taken apart is no reason to stop."""
    known = Secrets()
    known.add_url("http://[")
    assert repr(known) == "<Secrets: 0>"


def test_bodies_are_cut_into_pieces() -> None:
    """Each secret has a variable, called as the member is; a second one has a number."""
    body = b'{"token":"body-value","a":{"token":"other-one"},"cvv":"123","b":"body-value"}'
    known = Secrets()
    known.add_body(body)

    assert known.pieces(body) == [
        b'{"token":"',
        Variable("ENKASH_BODY_TOKEN"),
        b'","a":{"token":"',
        Variable("ENKASH_BODY_TOKEN_2"),
        b'"},"cvv":"',
        Variable("ENKASH_BODY_CVV"),
        b'","b":"',
        Variable("ENKASH_BODY_TOKEN"),
        b'"}',
    ]
    assert known.pieces(b"") == []


@pytest.mark.parametrize(
    "body",
    [
        '{"token":"body-value"}'.encode("utf-16"),
        b'{"token":"body\\u002dvalue"}',
        b'{"token":"body-va',
        b'{"password":"unknown"}',
    ],
)
def test_what_is_spelled_otherwise_has_no_pieces(body: bytes) -> None:
    """No variable could stand for it and make the same bytes."""
    known = Secrets()
    known.add_body(b'{"token":"body-value"}')
    assert known.pieces(body) is None


def test_a_value_in_a_body_that_is_no_member_of_it_has_a_variable() -> None:
    """A header's value that stands in a body too is called as the header is."""
    known = Secrets()
    known.add_header("X-Key", "header-value")
    assert known.pieces(b"[header-value]") == [b"[", Variable("ENKASH_BODY_X_KEY"), b"]"]


def test_secrets_that_touch_are_one() -> None:
    """Two values that overlap are hidden as a whole."""
    known = Secrets()
    known.add("abcdef")
    known.add("defghi")
    assert known.hide("xabcdefghix defghi") == "x***x ***"
    assert known.hide("İABCDEF") == "İ***"


def test_cookies_of_a_response_are_secrets() -> None:
    """Their values alone, and those of a bounded number."""
    secrets = Secrets()
    secrets.add_cookies([("Set-Cookie", 'id="canary-0"; Path=/where; HttpOnly'), ("X", "plain")])
    assert secrets.hide("canary-0 at /where, plain") == "*** at /where, plain"
    secrets.add_cookies(("set-cookie", f"id=canary-{number:04}") for number in range(1, 1000))
    assert secrets.hide("canary-0007") == "***"
    secrets.add("another-one")
    assert secrets.hide("another-one") == "***"
