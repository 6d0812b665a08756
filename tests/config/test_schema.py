"""The JSON Schema of the configuration file, by which editors complete and check it."""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import Any

import jsonschema_rs
import pytest

from enkash_contract.cli.commands import configured
from enkash_contract.cli.main import main
from enkash_contract.config import settings
from enkash_contract.config.schema import config_schema
from tests.support.paths import ROOT

COMMANDS = configured(main.commands)
SCHEMA = config_schema(COMMANDS)
VALIDATOR = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)


def read(text: str) -> Any:
    """Return what a file holds, with dates as the texts that they are written as."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [*map(plain, value)]
        return value.isoformat() if isinstance(value, dt.date) else value

    return plain(tomllib.loads(text))


def mistakes(text: str) -> list[str]:
    """Return the places of what is wrong with a file."""
    return ["/".join(map(str, error.instance_path)) for error in VALIDATOR.iter_errors(read(text))]


def test_every_option_of_every_command_is_known() -> None:
    """At the top, in the table of the command, and in those of environments."""
    members = SCHEMA["properties"]
    environment = members["env"]["additionalProperties"]["properties"]
    for name, command in COMMANDS.items():
        keys = settings.keys(command).keys()
        assert members[name]["properties"].keys() == {*keys, "waiver"}
        assert keys <= members.keys()
        assert keys <= environment.keys()


def test_the_file_of_the_guide_keeps_the_schema() -> None:
    """People begin with it."""
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    files = [block.partition("```")[0] for block in text.split("```toml\n")[1:]]
    assert files
    assert [mistakes(file) for file in files] == [[]] * len(files)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('fail-on = "sure"', "fail-on"),
        ('fail_on = "documented"', ""),
        ("[check]\ntimeout = true", "check/timeout"),
        ("[check]\nheader = 1", "check/header"),
        ("[check]\nworkers = 0", "check/workers"),
        ('[check]\nfull = "yes"', "check/full"),
        ("[env.uat.check]\ntimeout = true", "env/uat/check/timeout"),
        ('[[waiver]]\nrule = "a"\nreason = "b"', "waiver/0"),
        ('[[waiver]]\nreason = "b"\nuntil = 2027-01-01', "waiver/0"),
    ],
)
def test_what_does_not_fit_is_found(text: str, place: str) -> None:
    """The place is that of the member, or of what holds it."""
    assert place in mistakes(text)


@pytest.mark.parametrize(
    "text",
    [
        'default-env = "uat"\n[env.uat]\nfail-on = "assumed"',
        '[check]\nheader = {Authorization = "x"}\npin = {"/a" = 3}\nonly = ["a", "b"]\nskip = "c"',
        '[check]\nheader = ["A: b"]\nworkers = 2\ntimeout = 1.5\nfull = true',
    ],
)
def test_what_fits_keeps_the_schema(text: str) -> None:
    """Options that repeat take one value, a list, or a table of pairs."""
    assert mistakes(text) == []
