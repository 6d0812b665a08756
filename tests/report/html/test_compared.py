"""Two payloads side by side."""

from __future__ import annotations

import base64
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.report.document import Body, ShownRequest
from enkash_contract.report.html.compared import MOST, Line, alone, compared, laid_out, pair

JSON = (("Content-Type", "application/json"), ("X-Other", "x"))


def request(body: Any, headers: tuple[tuple[str, str], ...] = JSON) -> ShownRequest:
    """Return a request with a body in the plainest JSON, or with that text."""
    text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))
    return ShownRequest("POST", "http://h/a/b", headers, Body(text, len(text)))


def shown(lines: tuple[Line, ...]) -> list[str]:
    """Return lines as text: a bar at those that differ, brackets around what is marked."""
    return [
        f"({line.skipped})"
        if line.skipped
        else f"{'|' if line.differs else ' '}{line.before}"
        + (f"[{line.mark}]" if line.mark else "")
        + line.after
        for line in lines
    ]


TEXTS = st.lists(st.text("ab", max_size=3), max_size=12)


@given(TEXTS, TEXTS)
def test_nothing_is_lost(left: list[str], right: list[str]) -> None:
    """Each line is shown once, or counted, and lines are marked exactly where texts differ."""
    both = compared(left, right, around=2)
    for lines, known in zip((left, right), both, strict=True):
        kept = [line.before + line.mark + line.after for line in known if not line.skipped]
        assert len(kept) + sum(line.skipped for line in known) == len(lines)
        assert [line for line in kept if line not in lines] == []
    differs = any(line.differs for lines in both for line in lines)
    assert differs == (left != right)


def test_twins() -> None:
    """The part of a line that differs is marked, lines far from it are left out."""
    members = dict.fromkeys("abcdefghijkl", 1)
    both = pair(request(members), request({**members, "f": "10"}), around=1)

    assert shown(both.valid) == ["(5)", '   "e": 1,', '|  "f": [1],', '   "g": 1,', "(6)"]
    assert shown(both.invalid) == ["(5)", '   "e": 1,', '|  "f": ["10"],', '   "g": 1,', "(6)"]


def test_a_member_is_missing() -> None:
    """The line that one of them lacks is marked as a whole."""
    both = pair(request({"a": 1, "b": 2, "c": 3}), request({"a": 1, "c": 3}))

    assert shown(both.valid) == [" {", '   "a": 1,', '|[  "b": 2,]', '   "c": 3', " }"]
    assert shown(both.invalid) == [" {", '   "a": 1,', '   "c": 3', " }"]


def test_what_is_no_json_is_compared_as_it_stands() -> None:
    """Where one of them cannot be laid out, neither is."""
    both = pair(request({"a": 1}), request('{"a":1,}'))

    assert shown(both.valid) == ['|{"a":1}']
    assert shown(both.invalid) == ['|{"a":1[,]}']


def test_what_has_no_members_is_compared_with_what_is_laid_out() -> None:
    """A payload in place of which something else was sent is still fit to be read."""
    both = pair(request({"a": 1}), request(None))

    assert shown(both.valid) == ["|[{]", '|[  "a": 1]', "|[}]"]
    assert shown(both.invalid) == ["|[null]"]


def test_heads_are_shown_where_they_differ() -> None:
    """The method, the path and the media type, and no other header."""
    both = pair(request({}), request({}, (("content-type", "text/plain"),)))

    assert shown(both.valid) == [
        " POST /a/b",
        "|[Content-Type: application/jso]n",
        " ",
        " {}",
    ]
    assert shown(both.invalid)[1] == "|[content-type: text/plai]n"


def test_long_differences_are_cut() -> None:
    """No more than so many lines that differ are shown, and so many characters of one."""
    left = [f"a{number}" for number in range(MOST + 5)]
    both = compared(left, [])
    far = compared(["x" * 1000 + "a" + "y" * 1000], ["x" * 1000 + "b" + "y" * 1000])

    assert (len(both.valid), both.valid[-1].skipped, both.invalid) == (MOST + 1, 5, ())
    assert far.valid[0].mark == "a"
    assert far.valid[0].before == "…" + "x" * 160
    assert far.valid[0].after == "y" * 160 + "… (+840 characters)"


def test_alone() -> None:
    """The value that a rule is about is marked, or what lacks it."""
    body = request({"a": {"b": 1}, "c": 2}).body

    assert shown(alone(body, "/c"))[-2:] == ['|  "c": [2]', " }"]
    assert shown(alone(body, "/a/x")) == [
        " {",
        '|[  "a": {]',
        '     "b": 1',
        "   },",
        '   "c": 2',
        " }",
    ]
    assert shown(alone(body, "")) == [f" {line}" for line in laid_out(body or Body("", 0))]
    assert shown(alone(request("[1").body, "/0")) == [" [1"]
    assert shown(alone(request("1\n" * 40).body, "")) == [" 1"] * MOST + ["(17)"]
    assert shown(alone(None, "/a")) == [" "]


def test_bytes_that_are_no_text() -> None:
    """They are shown as escapes."""
    assert laid_out(Body(base64.b64encode(b"a\xff").decode(), 2, "base64")) == ["a\\xff"]
