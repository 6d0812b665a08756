"""Families that stretch the wire: a valid request in other spellings."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from enkash_contract.generation.families import accept_wire, reject, reject_wire
from enkash_contract.wire.spelling import compact
from tests.support.families import BODY, VALID, drafts, families_in


def test_only_rules_of_the_wire_are_stretched() -> None:
    """Each row of the table is of a rule that can be broken, too, and has a family."""
    assert set(accept_wire.ACCEPT) < set(reject_wire.REJECT)
    assert all(accept_wire.ACCEPT.values())


def test_what_is_unsettled_stands_in_the_table() -> None:
    """No family is called unsettled that is not used."""
    assert families_in(accept_wire.ACCEPT) > accept_wire.UNSETTLED
    assert {family.__name__ for family in accept_wire.UNSETTLED} == {
        "encoded_path",
        "large",
        "sent_otherwise",
        "with_other_charset",
    }


def test_how_the_wire_is_stretched() -> None:
    """The same JSON and the same media type stay valid in other spellings."""
    megabyte = "x" * 1_000_000

    assert drafts(accept_wire.ACCEPT, "json") == {
        "reordered": VALID.but(body='{"n":1,"a":"é"}'.encode()),
        "pretty-printed": VALID.but(body=b'{\n  "a": "\\u00e9",\n  "n": 1\n}'),
        "escaped": VALID.but(body=b'{"\\u0061":"\\u00e9","\\u006e":1}'),
        "blanks-around": VALID.but(body=f"\r\n\t {BODY} \r\n".encode()),
        "one-megabyte": VALID.but(body=f'{BODY[:-1]},"{reject.EXTRA}":"{megabyte}"}}'.encode()),
        "chunked": VALID.but(sized=False, fields=(("Transfer-Encoding", "chunked"),)),
        "expect-continue": VALID.but(fields=(("Expect", "100-continue"),)),
    }
    assert drafts(accept_wire.ACCEPT, "content-type") == {
        "charset-utf-8": VALID.but(content_type="application/json; charset=utf-8"),
        "capitals": VALID.but(content_type="Application/JSON"),
        "charset-iso-8859-1": VALID.but(
            content_type="application/json; charset=iso-8859-1", body=b'{"a":"\\u00e9","n":1}'
        ),
    }


def test_a_hyphen_of_the_path_is_encoded() -> None:
    """`%2D` is the same as `-`, and a path without one has no other spelling."""
    hyphens = VALID.but(path="/v0/req-change-it")
    named = [
        list(family(draft, {}))
        for family in accept_wire.ACCEPT["path"]
        for draft in (hyphens, VALID)
    ]

    assert named == [
        [("encoded-hyphens", VALID.but(path="/v0/req%2Dchange%2Dit"))],
        [("encoded-hyphens", VALID)],
    ]


def test_a_list_is_spelled_in_other_ways_but_not_enlarged() -> None:
    """Only an object has room for another member."""
    assert drafts(accept_wire.ACCEPT, "json", [1]).keys() == {
        *("reordered", "pretty-printed", "escaped", "blanks-around"),
        *("chunked", "expect-continue"),
    }


ANY_TEXT = st.text(max_size=6) | st.sampled_from(["\ud800", "a\udfff\n"])
PAYLOADS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(PAYLOADS)
@example(["\ud800", {'"\\\n\udfff': "𝄞é"}])
def test_every_spelling_says_the_same(payload: Any) -> None:
    """Whatever the payload, lone surrogates included, each spelling of it is read as itself."""
    bodies = [compact(payload)]
    bodies += [made.body for made in drafts(accept_wire.ACCEPT, "json", [payload]).values()]

    assert [json.loads(body) for body in bodies] == [payload, *[[payload]] * 6]
