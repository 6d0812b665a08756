"""Whether this is CI, and what GitHub is told."""

from __future__ import annotations

import io

import pytest

from enkash_contract.report.ci import is_annotated, is_ci, quiet
from tests.support.hostile import HOSTILE
from tests.support.workflow_commands import Command, commands


@pytest.mark.parametrize(("value", "expected"), [("", False), ("0", False), ("True", True)])
def test_the_variable_may_say_no(
    value: str,
    expected: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not every value means that it is."""
    monkeypatch.setenv("CI", value)
    assert is_ci() is expected


def test_nothing_that_is_printed_meanwhile_is_a_command() -> None:
    """Until the commands are resumed, by a word that nobody can guess."""
    stream = io.StringIO()
    with quiet(stream):
        stream.write("".join(HOSTILE))
        stream.write("\n")
    stream.write("::notice ::resumed\n")
    assert [*commands(stream.getvalue())] == [Command("notice", {}, "resumed")]


def test_annotations_are_made_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where GitHub runs this, unless they are asked for, or switched off."""
    assert not is_annotated([])
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert is_annotated(["json"])
    assert not is_annotated(["json", "github"])
    monkeypatch.setenv("ENKASH_GITHUB", "Off")
    assert not is_annotated([])
