"""Everything raised on purpose: what it says, what it carries, and that it pickles."""

from __future__ import annotations

import inspect
import pickle
from typing import TYPE_CHECKING

import pytest

from enkash_contract import errors
from enkash_contract.contract.contract import load
from enkash_contract.errors import (
    ContractViolated,
    DocumentError,
    EnkashContractError,
    Problem,
    did_you_mean,
    printable,
)
from enkash_contract.place import Place
from enkash_contract.validation.validate import iter_violations

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PROBLEM = Problem(Place("a.yaml", 3), "the source 'x' is unknown", "add it to x-sources")


def classes() -> list[type[Exception]]:
    """Return the classes of the errors module that are exceptions."""
    members = vars(errors).values()
    return [one for one in members if inspect.isclass(one) and issubclass(one, Exception)]


def plain() -> list[type[Exception]]:
    """Return the classes that carry nothing but a message."""
    return [one for one in classes() if "__init__" not in vars(one)]


def test_every_error_is_in_the_tree_at_the_top() -> None:
    """The drawing names each class, and each class but the root stands below the root."""
    drawn = [
        line.replace("├──", "").replace("└──", "").split()[0]
        for line in (errors.__doc__ or "").splitlines()
        if "──" in line or line.startswith("    Enkash")
    ]
    assert [one.__name__ for one in classes()] == drawn
    assert all(issubclass(one, EnkashContractError) for one in classes())


@pytest.mark.parametrize("kind", plain())
def test_an_error_with_a_message_pickles(kind: type[Exception]) -> None:
    """An error crosses the border between processes with its class and its words."""
    copied = pickle.loads(pickle.dumps(kind("words")))  # noqa: S301 - our own bytes
    assert (type(copied), str(copied)) == (kind, "words")


def test_what_would_control_the_terminal_is_escaped() -> None:
    """An escape sequence in a value, or in an error, cannot change what the terminal shows."""
    assert printable("a\x1b[2Jb\né\ud800") == r"a\x1b[2Jb\né\ud800"
    assert str(EnkashContractError("a\nb", "c")) == "a\\nb\nc"


def test_a_document_error_pickles_with_its_problems() -> None:
    """The copy lists the same problems, one a line."""
    other = Problem(Place("a.yaml", 2), "it is wrong", "mend it")
    copied = pickle.loads(pickle.dumps(DocumentError([PROBLEM, other])))  # noqa: S301 - as above
    assert str(copied) == (
        "a.yaml:3: the source 'x' is unknown; add it to x-sources\na.yaml:2: it is wrong; mend it"
    )
    assert [(one.place, one.message, one.remedy) for one in copied.problems] == [
        (one.place, one.message, one.remedy) for one in (PROBLEM, other)
    ]


def test_a_problem_that_is_found_twice_is_told_once() -> None:
    """What many parts of a document share is mended in one place."""
    same = Problem(PROBLEM.place, PROBLEM.message, PROBLEM.remedy)
    assert DocumentError([PROBLEM, same]).problems == (same,)


def test_a_violated_contract_pickles_with_its_violations() -> None:
    """The copy says the same of every violation."""
    raised = ContractViolated(list(iter_violations({"device": {"tag": 1}})))
    copied = pickle.loads(pickle.dumps(raised))  # noqa: S301 - as above
    assert str(copied) == str(raised)
    assert [(one.rule.id, one.pointer) for one in copied.violations] == [
        (one.rule.id, one.pointer) for one in raised.violations
    ]


def test_an_error_of_a_loaded_document_pickles(tmp_path: Path) -> None:
    """What `load` really raises can be sent from a worker."""
    with pytest.raises(DocumentError) as raised:
        load(tmp_path / "absent.yaml")
    copied = pickle.loads(pickle.dumps(raised.value))  # noqa: S301 - as above
    assert str(copied) == str(raised.value)


def test_a_problem_shows_itself() -> None:
    """A list of problems is legible where pytest or a debugger prints it."""
    assert (
        f"{[PROBLEM]!r}" == "[<Problem a.yaml:3: the source 'x' is unknown; add it to x-sources>]"
    )


@pytest.mark.parametrize(
    ("word", "known", "most", "hint"),
    [
        ("tiemout", ["timeout", "accepted"], 1, "did you mean timeout?"),
        ("patern", {"pattern": 1}, 3, "did you mean pattern?"),
        ("tag/name", ["tag/names", "tag/named", "tag"], 1, "did you mean tag/names?"),
        ("tag/name", ["tag/names", "tag/named"], 3, "did you mean tag/names or tag/named?"),
        ("zzz", ["timeout"], 1, "see the list"),
        ("zzz", [], 3, "see the list"),
    ],
)
def test_a_mistyped_word_is_met_with_the_nearest_known(
    word: str, known: Iterable[str], most: int, hint: str
) -> None:
    """The hint names the nearest words, as many as are asked for, or else says what to do."""
    assert did_you_mean(word, known, "see the list", most=most) == hint
