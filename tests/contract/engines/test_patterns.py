"""Patterns of ECMA-262, read alike by both engines and by ECMAScript itself."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.engines import choice as engines
from enkash_contract.contract.engines import patterns
from tests.journeys.test_document_tools import node
from tests.support.draws import draws

ATOMS = (
    r". a é x 1 - / # \d \D \w \W \s \S \u00e9 \u{1f600} \x41 \cA \. \/ \$ \^ \{ \t \v \f \p{L} "
    r"\P{L} \p{Lu} \p{gc=Nd} \p{Letter} [a-z] [^a] [\d_-] [^\w] [\W] [\S\d] [^\S] [\p{L}0-9] [-a] "
    r"[a-] [.] [$] [[] [\]] [&&] [a&&b] [~~] [a||b] [--a] [\cA-\x1f] [\u{1f600}-\u{1f64f}] (?:ab) "
    r"(a|b)"
).split()
WITHOUT_WIDTH = r"\b (?=a) (?!a) (?<=a) (?<!a)".split()
COUNTS = ("", "", "?", "*", "+", "{2}", "{1,}", "{0,2}", "*?", "+?", "??")
"""How often an atom may stand there."""

TEXTS = st.text(
    "aAbxzZ09_ -é😀\n\r\t\v\f\u2028\x85\ufeff\x01/.$^{}[]&|~#\u0661ǅ\u3000\u1680", max_size=5
)


@st.composite
def written(draw: st.DrawFn) -> str:
    """Draw a pattern of ECMA-262 that both engines read."""
    parts = st.builds(str.__add__, st.sampled_from(ATOMS), st.sampled_from(COUNTS))
    inner = "".join(draw(st.lists(parts | st.sampled_from(WITHOUT_WIDTH), min_size=1, max_size=4)))
    return draw(st.sampled_from(["{}", "^{}$", "^{}", "{}$", "^{}|b$"])).format(inner)


def verdict(pattern: str, text: str, engine: str) -> bool:
    """Return whether `text` matches, by one engine."""
    return engines.compiled({"pattern": pattern}, engine).is_valid(text)


@given(written(), TEXTS)
def test_both_engines_read_a_pattern_alike(pattern: str, text: str) -> None:
    """Of any text, beyond ASCII and across lines."""
    rust, python = (verdict(pattern, text, engine) for engine in engines.ENGINES)
    assert python == rust


BY_NODE = """
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(([pattern, text]) => new RegExp(pattern, "u").test(text))));
"""


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(200, marks=node),
        pytest.param(10_000, marks=[*node, pytest.mark.slow]),
    ],
)
def test_ecmascript_reads_a_pattern_alike(count: int) -> None:
    """V8 says the same of every pattern and text."""
    cases = draws(st.tuples(written(), TEXTS), count)
    command = [shutil.which("node") or "node", "-e", BY_NODE]
    done = subprocess.run(
        command, input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    said = list(zip(cases, json.loads(done.stdout), strict=True))
    for engine in engines.ENGINES:
        wrong = [case for case, right in said if verdict(case[0], case[1], engine) != right]
        assert wrong == []


@pytest.mark.parametrize(
    ("pattern", "texts", "others"),
    [
        (r"^[^]$", "a\n", ""),
        (r"^[]$", "", "a"),
        (r"^\0$", "\0", "0"),
        (r"^[\b]$", "\b", "b"),
        (r"^(?:(?<first>a)\k<first>|b(c)\2)$", ["aa", "bcc"], ["ab", "bcd"]),
        (r"^\ud83d\ude00$", "😀", "\ufffd"),
        (r"^[\ud83d\ude00-\ud83d\ude02]$", "😁", "😃"),
        (r"^\B$", [""], "a"),
        (r"^(a{1,2}){2}$", ["aa", "aaaa"], ["a", "aaaaa"]),
        (r"\-", "-", "a"),
        (r"^[\W\d]$", "é1 ", "a_"),
        (r"^[\P{L}]$", "1", "é"),
    ],
)
def test_what_only_python_reads(pattern: str, texts: list[str], others: list[str]) -> None:
    """The rest of ECMA-262, which jsonschema-rs refuses in part."""
    compiled = patterns.compiled(pattern)
    assert [text for text in texts if not compiled.search(text)] == []
    assert [text for text in others if compiled.search(text)] == []


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("a**", "has nothing to repeat at character 3"),
        ("*", "has nothing to repeat at character 1"),
        ("(*a)", "has nothing to repeat at character 2"),
        ("^+", "has nothing to repeat at character 2"),
        ("a{,2}", "has what ECMA-262 does not allow at character 2"),
        ("a}", "has what ECMA-262 does not allow at character 2"),
        (r"\_", "has what ECMA-262 does not allow at character 1"),
        ("(?P<a>b)", "has what ECMA-262 does not allow at character 1"),
        ("(?i)a", "has what ECMA-262 does not allow at character 1"),
        ("]", "has a bracket that closes nothing at character 1"),
        ("[a", "has a class that does not end at character 1"),
        ("[a-", "has a class that does not end at character 1"),
        ("[z-a]", "has a range that has no order at character 1"),
        (r"[\d-z]", "has a range that has no order at character 1"),
        (r"[\B]", r"has \B in a class at character 2"),
        (r"[\1]", r"has \1 in a class at character 2"),
        (r"\u{110000}", "has no character at character 1"),
        (
            r"\p{Script=Greek}",
            r"has \p{Script=Greek}, which jsonschema-rs alone reads at character 1",
        ),
        ("(a", "cannot be read: missing ), unterminated subpattern"),
        ("a{2,1}", "cannot be read: min repeat greater than max repeat"),
        ("(?<=a+)b", "cannot be read: look-behind requires fixed-width pattern"),
        (r"\1", "cannot be read: invalid group reference 1"),
    ],
)
def test_what_cannot_be_read_is_told(pattern: str, problem: str) -> None:
    """The message has the pattern, what is wrong with it, and where."""
    with pytest.raises(ValueError, match=r"^the pattern ") as raised:
        patterns.compiled(pattern)
    assert str(raised.value) == f"the pattern {pattern!r} {problem}"


@pytest.mark.parametrize(
    ("pattern", "rewritten"),
    [
        ("^[A-Z]{3}$", "^[A-Z]{3}$"),
        (r"a.[.\d]\.", r"a[^\n\r\u2028\u2029][.\u{30}-\u{39}]\."),
        (
            r"\W[\]\D]",
            r"[\u{0}-\u{2f}\u{3a}-\u{40}\u{5b}-\u{5e}\u{60}-\u{60}\u{7b}-\u{10ffff}][\]\u{0}-\u{2f}\u{3a}-\u{10ffff}]",
        ),
        (r"\cA[\cz]\/", r"\x01[\x1a]/"),
    ],
)
def test_what_engines_read_differently_is_written_out(pattern: str, rewritten: str) -> None:
    """Everything else stays as it is."""
    assert patterns.portable(pattern) == rewritten
    assert re.search(r"(?<!\\)\.(?![^\[]*\])", rewritten) is None
