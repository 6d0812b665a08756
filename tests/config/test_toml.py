"""TOML with lines: each member's line is known, and what is not TOML is told with its line."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.config import toml
from enkash_contract.errors import ConfigError
from enkash_contract.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = b"""\
# a comment with [a.table] in it
plain = 1
dotted . key = [
  "in a list ]",  # ]
  "and more",
]
"quoted.key" = \"\"\"
[not.a.table]
also = 'not a key'
\"\"\"

[table]\t# with a comment

inline = {x = 1, "y z" = [{w = 2}]}
[ "spaced" . out ]
literal = '''
]]
'''
[[many]]
name = "first"
[many.below]
deep = true
[[many]]
name = "second"
[many.below]
deep = false
[[many.each]]
[[many.each]]
last = 2027-01-31
"""
LINES = """
1
2 plain
3 dotted / dotted key / dotted key 0 / dotted key 1
7 quoted.key
12 table
14 table inline / table inline x / table inline y~z / table inline y~z 0 / table inline y~z 0 w
15 spaced / spaced out
16 spaced out literal
19 many / many 0
20 many 0 name
21 many 0 below
22 many 0 below deep
23 many 1
24 many 1 name
25 many 1 below
26 many 1 below deep
27 many 1 each / many 1 each 0
28 many 1 each 1
29 many 1 each 1 last
"""


def told(raw: bytes) -> str:
    """Return what is said of a file that is not TOML."""
    with pytest.raises(ConfigError) as raised:
        toml.parse(raw, "a.toml")
    return str(raised.value)


def members(value: Any, at: toml.Tokens = ()) -> Iterator[toml.Tokens]:
    """Yield the path of everything in `value`."""
    yield at
    if isinstance(value, (dict, list)):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from members(one, (*at, key))


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_the_line_of_every_member(end: bytes) -> None:
    """Tables, dotted and quoted keys, values of many lines: all are found where they begin."""
    found = toml.parse(SAMPLE.replace(b"\n", end), "a.toml")
    shown: dict[int, list[str]] = {}
    for at, line in found.lines.items():
        words = " ".join(str(one).replace(" ", "~") for one in at)
        shown.setdefault(line, []).append(words)
    assert "".join(f"\n{line} {' / '.join(known)}".rstrip() for line, known in shown.items()) == (
        LINES.rstrip()
    )
    assert found.data == tomllib.loads(SAMPLE.decode())


BLANK = st.sampled_from(["", "  ", "# comment", "# [x]", "\t# a = '''"])
VALUES = st.sampled_from(
    ["1", "'it'", '"a # b"', "[]", "[\n1,\n# ]\n2]", '"""\n]\n"""', "'''\n}\n'''", "{a = 1}"]
)


@given(st.lists(st.tuples(st.integers(0, 4), VALUES, st.lists(BLANK, max_size=2)), max_size=8))
def test_every_member_has_the_line_that_it_was_written_on(
    drawn: list[tuple[int, str, list[str]]],
) -> None:
    """Whatever stands between the statements, and however many lines they take."""
    lines: list[str] = []
    expected: dict[toml.Tokens, int] = {}
    table: toml.Tokens = ()
    tables = 0
    for number, (kind, value, blanks) in enumerate(drawn):
        lines += blanks
        if kind == 0:
            table = (f"t{number}", "u v")
            expected[table[:1]] = expected[table] = len(lines) + 1
            lines.append(f"  [ t{number} . 'u v' ] # here")
        elif kind == 1:
            table = ("list", tables)
            expected.setdefault(("list",), len(lines) + 1)
            expected[table] = len(lines) + 1
            lines.append("[[list]]")
            tables += 1
        else:
            expected[*table, f"k{number}"] = len(lines) + 1
            lines += f"k{number} = {value}".split("\n")
    found = toml.parse("\n".join(lines).encode(), "a.toml")
    assert {at: found.place(at).line for at in expected} == expected
    assert set(found.lines) == set(members(found.data))


def test_what_is_not_there_stands_where_it_would() -> None:
    """A member that is missing is missing from the table around it."""
    found = toml.parse(b"\n[a]\nb = 1", "a.toml")
    assert [found.place(at) for at in ((), ("c",), ("a", "c"), ("a", "b", 3))] == [
        Place("a.toml", line) for line in (1, 1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"a = 1\nb =\n", "a.toml:2: not TOML: invalid value; mend the syntax"),
        (b"a = 1\na = 2\n", "a.toml:2: not TOML: cannot overwrite a value; mend the syntax"),
        (b'a = """\n\nx', "a.toml:3: not TOML: unterminated string; mend the syntax"),
        (b"a = 1\n\nb = '\xff'", "a.toml:3: not UTF-8; save the file as UTF-8"),
        (b"a = " + b"[" * 9_999, "a.toml:1: nested too deep to be read; write it flatter"),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(raw: bytes, message: str) -> None:
    """One line with the place, and what to do."""
    assert told(raw) == message


def test_a_number_of_any_length_is_no_traceback() -> None:
    """Python refuses to read it, and says so in words of its own."""
    assert re.fullmatch(r"a\.toml:1: not TOML: .+; mend the syntax", told(b"a = " + b"9" * 9_999))


def test_a_byte_order_mark_is_let_pass() -> None:
    """Some editors write one."""
    assert toml.parse(b"\xef\xbb\xbfa = 1", "a.toml").data == {"a": 1}
