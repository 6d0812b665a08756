"""Settings: what an option takes is read off its declaration, and secrets are never shown."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.config import settings
from enkash_contract.config.settings import Setting, UnfitError
from enkash_contract.errors import ConfigError
from enkash_contract.place import Place

HERE = Path("folder")
HEADER = click.Option(["-H", "--header"], multiple=True, metavar="'NAME: VALUE'")
REPORT = click.Option(["--report"], multiple=True, metavar="FORMAT=PATH")
PIN = click.Option(["--pin", "pins"], multiple=True, metavar="/POINTER=VALUE")
BASE = click.Option(["--base"], metavar="FILE")
COUNT = click.Option(["--count"], type=click.IntRange(min=0, max=9))
SECONDS = click.Option(["--seconds"], type=click.FloatRange(min=0, min_open=True))
FLAG = click.Option(["--dry-run"], is_flag=True)
CHOICE = click.Option(["--polarity"], type=click.Choice(["both", "reject"]))
FILES = click.Argument(["files"], nargs=-1, metavar="[RECORDING]...")


def test_keys_are_the_longest_names() -> None:
    """Without dashes; an argument's own name; and none for what acts by itself."""
    command = click.Command("c", params=[HEADER, PIN, FLAG, FILES])
    ends = click.Option(["--help"], is_flag=True, expose_value=False)
    command.params.append(ends)
    assert settings.keys(command) == {
        "header": HEADER,
        "pin": PIN,
        "dry-run": FLAG,
        "files": FILES,
    }


@pytest.mark.parametrize(
    ("parameter", "pair"),
    [
        (HEADER, ("NAME", ": ", "VALUE")),
        (REPORT, ("FORMAT", "=", "PATH")),
        (PIN, ("/POINTER", "=", "VALUE")),
        (BASE, None),
        (click.Option(["--x"], metavar="A=B"), None),
    ],
)
def test_pairs_are_read_off_the_metavar(parameter: Any, pair: Any) -> None:
    """Of options that are given any number of times."""
    assert settings.pair(parameter) == pair


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("header", True),
        ("token-command", True),
        ("bearer-env", False),
        ("base", False),
    ],
)
def test_secrets_are_known_by_name(name: str, *, secret: bool) -> None:
    """The name of an environment variable is none."""
    assert settings.is_secret(name) == secret


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        (BASE, "a.json", "folder/a.json"),
        (BASE, "/a.json", "/a.json"),
        (BASE, "-", "-"),
        (COUNT, 3, 3),
        (SECONDS, 0.5, 0.5),
        (FLAG, True, True),
        (CHOICE, "both", "both"),
        (HEADER, "A: b", ["A: b"]),
        (HEADER, ["A: b", "C: d"], ["A: b", "C: d"]),
        (HEADER, {"A": "b"}, ["A: b"]),
        (REPORT, "html=a", ["html=folder/a"]),
        (REPORT, {"html": "a"}, ["html=folder/a"]),
        (PIN, {"/a": 1, "/b": "x", "/c": [True]}, ["/a=1", "/b=x", "/c=[true]"]),
        (FILES, ["a.har"], ["a.har"]),
        (
            click.Argument(["files"], nargs=-1, metavar="RECORDINGS"),
            ["a.har", "-"],
            ["folder/a.har", "-"],
        ),
    ],
)
def test_a_value_is_givenas_click_takes_it(parameter: Any, value: Any, expected: Any) -> None:
    """With paths from the file's folder."""
    assert settings.read(parameter, value, HERE) == expected


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        (BASE, 1, "text in quotes, not 1"),
        (BASE, ["a"], 'text in quotes, not ["a"]'),
        (COUNT, "1", 'a whole number from 0 to 9, not "1"'),
        (COUNT, 10, "a whole number from 0 to 9, not 10"),
        (COUNT, 1.5, "a whole number from 0 to 9, not 1.5"),
        (COUNT, True, "a whole number from 0 to 9, not true"),
        (SECONDS, 0, "a number above 0, not 0"),
        (
            click.Option(["--x"], type=click.FloatRange(max=1, max_open=True)),
            1,
            "a number below 1, not 1",
        ),
        (FLAG, 1, "true or false, not 1"),
        (CHOICE, "x", 'one of both, reject, not "x"'),
        (HEADER, "canary", "text like NAME: VALUE, or a list of such"),
        (HEADER, {"A": 1}, "text like NAME: VALUE, or a list of such"),
        (REPORT, "html", 'text like FORMAT=PATH, or a list of such, not "html"'),
        (REPORT, {"html": 1}, "text like FORMAT=PATH, or a list of such, not 1"),
        (PIN, {"/a": float("inf")}, "text like /POINTER=VALUE, or a list of such, not Infinity"),
        (BASE, {"a": "x" * 40}, 'text in quotes, not {"a": "' + "x" * 33 + "…"),
    ],
)
def test_a_value_that_does_not_fit_is_told(parameter: Any, value: Any, message: str) -> None:
    """What is expected, and what is there instead unless that may be a secret."""
    with pytest.raises(UnfitError) as caught:
        settings.read(parameter, value, HERE)
    assert str(caught.value) == message


def setting(parameter: Any, value: Any) -> Setting:
    """Return what a file sets on its line 7."""
    return Setting(settings.key(parameter), parameter, value, lambda: Place("f.toml", 7))


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        (HEADER, ["A: $TOKEN", "B: ${TOKEN}x", "C: $$TOKEN"], ["A: t", "B: tx", "C: $TOKEN"]),
        (HEADER, ["A: $1 $"], ["A: $1 $"]),
        (PIN, ["/a=$TOKEN"], ["/a=$TOKEN"]),
        (BASE, "$TOKEN", "$TOKEN"),
    ],
)
def test_variables_are_for_headers(parameter: Any, value: Any, expected: Any) -> None:
    """Elsewhere a dollar sign is one."""
    given = setting(parameter, value)
    assert given.expanded({"TOKEN": "t"}).value == expected
    assert given.name == parameter.name


def test_a_variable_that_is_not_set_is_told() -> None:
    """With the place, and without what else is in the value."""
    with pytest.raises(ConfigError) as caught:
        setting(HEADER, ["A: canary $NONE"]).expanded({})
    assert str(caught.value) == (
        "f.toml:7: header needs the environment variable NONE, which is not set; set it, or write "
        "$$ for a dollar sign"
    )


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("--base a.json is missing", "--base a.json is missing (base at f.toml:7)"),
        ("there is no a.json", "there is no a.json (base at f.toml:7)"),
        ("--basement", "--basement"),
        ("b/a.json is missing", "b/a.json is missing"),
    ],
)
def test_a_message_about_a_setting_names_its_place(message: str, expected: str) -> None:
    """By the option's name or its value, as whole words."""
    assert settings.traced(message, [setting(BASE, "a.json")]) == expected


def test_a_choice_is_traced_by_its_name_only() -> None:
    """Its value is an everyday word, which a message may hold by chance."""
    given = [setting(CHOICE, "both"), setting(REPORT, ["html=a"]), setting(BASE, "")]
    assert settings.traced("both of them", given) == "both of them"
    assert settings.traced("html=a fails", given) == "html=a fails (report at f.toml:7)"


@given(st.text())
def test_what_is_shown_can_be_printed(text: str) -> None:
    """Any text is told without controlling the terminal, and TOML reads it back."""
    line = settings.printable(json.dumps(text, ensure_ascii=False))
    assert line.isprintable()
    assert tomllib.loads(f"x = {line}") == {"x": text}
