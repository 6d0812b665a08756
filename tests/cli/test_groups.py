"""The tables behind help: every command and option is in a group, with examples and exit codes."""

from __future__ import annotations

import shlex

import click
import pytest

from enkash_contract.cli import groups
from enkash_contract.cli.main import main
from enkash_contract.config.settings import key
from enkash_contract.judging import result

COMMANDS = {"": main, **main.commands}


def context(command: click.Command) -> click.Context:
    """Return a context like the program's: a command keeps the option that its first one knows."""
    return click.Context(command, **main.context_settings)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_every_command_is_in_one_group(name: str) -> None:
    """A new option needs a line in the table, and help shows none twice."""
    options = [
        key(one)
        for one in COMMANDS[name].get_params(context(COMMANDS[name]))
        if one.opts[0][0] == "-"
    ]
    shown = groups.names(groups.OPTIONS, name, options)
    assert groups.OTHERS not in shown
    assert sorted(options) == sorted(word for group in shown.values() for word in group)


def test_every_command_is_in_one_group() -> None:
    """None is forgotten, and none that is gone is named."""
    words = [word for group in groups.COMMANDS.values() for word in group.split()]
    assert sorted(words) == sorted(main.commands)


def test_no_group_names_an_option_that_is_gone() -> None:
    """The table is no longer than it must be."""
    known = {
        (name, key(one))
        for name, command in COMMANDS.items()
        for one in command.get_params(context(command))
    }
    for word in " ".join(groups.OPTIONS.values()).split():
        name, _, option = word.rpartition(":")
        assert any(option == known_option and name in ("", at) for at, known_option in known), word


@pytest.mark.parametrize("name", ["traffic", "redact"])
def test_options_on_reading_recordings_are_shown_together(name: str) -> None:
    """Both commands have the three, and `--format` is no format of what is printed there."""
    shown = groups.names(groups.OPTIONS, name, ["map", "profile", "format"])
    assert shown == {"How to read": ["format", "profile", "map"]}


def test_what_is_in_no_group_is_shown_at_the_end() -> None:
    """Help loses nothing, whatever is added."""
    shown = groups.names({"A": "x other:y z", "B": "w"}, "mine", ["z", "y", "x"])
    assert shown == {"A": ["x", "z"], "Other options": ["y"]}
    assert groups.names({"A": "x mine:y", "B": "y"}, "mine", ["y"]) == {"A": ["y"]}


def test_every_command_has_examples_and_exit_codes() -> None:
    """The codes are those of the program."""
    assert sorted(groups.EXAMPLES) == sorted(groups.EXITS) == sorted(COMMANDS)
    codes = {
        result.CONFORMS,
        result.VIOLATED,
        result.MISUSED,
        result.INCONCLUSIVE,
        result.INTERRUPTED,
    }
    assert set(groups.CODES) == codes
    assert all(set(known) <= codes for known in groups.EXITS.values())


@pytest.mark.parametrize("example", [one for group in groups.EXAMPLES.values() for one in group])
def test_every_example_can_be_typed(example: str) -> None:
    """Its options are there, and it fits a narrow terminal."""
    assert len(example) <= 58
    words = shlex.split(example.partition(" <")[0])
    assert words.pop(0) == "enkash-contract"
    if words[0] != "COMMAND":
        command = main.commands[words.pop(0)]
        command.make_parser(context(command)).parse_args(words)
