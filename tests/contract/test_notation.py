"""The notation of evidence: levels, sources, and what is wrong with a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.evidence import OVERLAY_ONLY, Claims, Evidence, Level, Source
from enkash_contract.contract.notation import read

IDS = ("a", "b", "c d")
SOURCES = {name: {"shows": f"Page {name}.", "read": "2026-01-02"} for name in IDS}
OURS = Source("ours.yaml", "what the partner who wrote it knows")


def source(name: str) -> Source:
    """Return the source of that id as the document describes it."""
    return Source(name, f"Page {name}.", "2026-01-02")


@given(st.sampled_from(sorted(set(Level) - {Level.ASSUMED}, key=str)), st.sampled_from(IDS[:2]))
def test_a_level_and_a_source_are_read_as_they_are_written(level: Level, name: str) -> None:
    """Every level but `assumed` has its source behind it; only an overlay says two of them."""
    claims, problems = read(f"{level} {name}", SOURCES, OURS)
    assert (claims, problems) == (Claims(Evidence(level, source(name))), [])
    assert bool(read(f"{level} {name}", SOURCES, None)[1]) == (level in OVERLAY_ONLY)


@given(st.lists(st.sampled_from(IDS[:2]), min_size=1, max_size=2, unique=True))
def test_what_is_disputed_has_one_source_or_several(names: list[str]) -> None:
    """A page contradicts itself, or another one."""
    claims, problems = read(f"disputed {' '.join(names)}", SOURCES, None)
    assert (claims.sender.sources, problems) == (tuple(map(source, names)), [])


@pytest.mark.parametrize("text", ["disputed", "sibling", "observed"])
def test_an_overlay_signs_for_what_names_no_source(text: str) -> None:
    """The partner who wrote it is the source."""
    assert read(text, SOURCES, OURS) == (Claims(Evidence(Level(text), OURS)), [])


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("disputed", [("the source is missing", "add it to x-sources; known are a, b, c d")]),
        (
            "disputed a x",
            [("the source 'x' is unknown", "add it to x-sources; known are a, b, c d")],
        ),
        ("disputed a b a", [("the source 'a' is named twice", "name it once")]),
        (
            "sibling a b",
            [("the source 'a b' is unknown", "add it to x-sources; known are a, b, c d")],
        ),
        ("assumed a", [("what is assumed has no source", "remove the source, or the level")]),
    ],
)
def test_what_is_wrong_with_a_text_is_told(text: str, problems: list[tuple[str, str]]) -> None:
    """Each problem has its remedy."""
    assert read(text, SOURCES, None)[1] == problems


def test_an_id_may_hold_a_blank() -> None:
    """Of all but what is disputed, the rest of the text is one id."""
    assert read("sibling c d", SOURCES, None) == (
        Claims(Evidence(Level.SIBLING, source("c d"))),
        [],
    )


@pytest.mark.parametrize("between", ["; ", ";", " ; ", ", "])
@pytest.mark.parametrize(
    ("sender", "receiver"),
    [
        ("sibling a", "assumed"),
        ("sibling c d", "documented a"),
        ("disputed a b", "disputed b a"),
        ("assumed", "example c d"),
        ("observed", "confirmed"),
    ],
)
def test_a_receiver_has_evidence_of_its_own(sender: str, between: str, receiver: str) -> None:
    """The two claims are read alike, each as if it stood alone."""
    claims, problems = read(f"{sender}{between}receiver {receiver}", SOURCES, OURS)
    alone = [read(text, SOURCES, OURS)[0].sender for text in (sender, receiver)]
    assert (claims, problems) == (Claims(*alone), [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sibling a; receiver", "'' is not a level of evidence"),
        ("sibling a; receiver certain", "'certain' is not a level of evidence"),
        ("sibling a; receiver assumed b", "what is assumed has no source"),
        ("sibling a; receiver confirmed b", "the level 'confirmed' is not for this document"),
        ("sibling a; receiver disputed", "the source is missing"),
        ("sibling a; reciever assumed", "the source 'a; reciever assumed' is unknown"),
        ("assumed; receivers assumed", "'assumed;' is not a level of evidence"),
    ],
)
def test_what_is_wrong_with_the_claim_of_a_receiver_is_told(text: str, problem: str) -> None:
    """A receiver's evidence is no less strict than a sender's, and a mistyped word is no claim."""
    assert [message for message, _ in read(text, SOURCES, None)[1]] == [problem]
