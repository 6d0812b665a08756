"""The options by which a user says what a recording is: a format, a profile, a mapping."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from enkash_contract.cli import formats
from enkash_contract.traffic.formats.table import FORMATS
from enkash_contract.traffic.gateways.profiles import PROFILES
from tests.support.recorded import OPERATION, URL, entry, log, written
from tests.support.typed_commands import typed

if TYPE_CHECKING:
    from pathlib import Path

TEXT = json.dumps(OPERATION.request.example)
REPLY = json.dumps(OPERATION.sides["response.200"].example)
LINE = {
    "req": {"verb": "POST", "to": URL, "type": "application/json", "payload": TEXT},
    "res": {"code": 200, "type": "application/json", "text": REPLY},
}
MAPS = [
    "request.method=$.req.verb",
    "request.url=$.req.to",
    "request.headers.Content-Type=$.req.type",
    "request.body=$.req.payload",
    "response.status=$.res.code",
    "response.headers.Content-Type=$.res.type",
    "response.body=$.res.text",
]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "".join(f"{json.dumps(LINE)}\n" for _ in range(3)), "gateway.log")
    written(tmp_path, log(entry()), "a.har")


def test_a_log_is_mapped() -> None:
    """Each line is an interaction; a path that finds nothing is named with what to do."""
    done = typed("traffic", "gateway.log", *[word for text in MAPS for word in ("--map", text)])
    assert done.exit_code == 0
    assert "3 checked: 3 held" in done.stdout

    maps = [*MAPS[:6], "response.body=$.res.body"]
    done = typed("traffic", "gateway.log", *[word for text in maps for word in ("--map", text)])
    assert done.exit_code == 3
    assert (
        "3 response bodies were not found by --map response.body=$.res.body: "
        "compare the path with a line of the log; at gateway.log:1"
    ) in done.stdout


def test_the_configuration_maps_too(tmp_path: Path) -> None:
    """A table of paths by their members, or a profile."""
    members = [text.partition("=")[::2] for text in MAPS]
    lines = [f'"{member}" = "{path}"' for member, path in members]
    file = tmp_path / "enkash-contract.toml"
    file.write_text("\n".join(["[traffic.map]", *lines]))
    assert typed("traffic", "gateway.log").exit_code == 0
    file.write_text('[traffic]\nprofile = "kongg"\n')
    done = typed("traffic", "gateway.log")
    assert done.exit_code == 2
    assert "must be one of kong, nginx, " in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--map", "request.body"], "--map 'request.body' names no path; write it as --map req"),
        (["--map", "at=$.a"], "--map needs request.url too, such as --map request.url=$.reque"),
        (["--profile", "kong", "--map", "x=$"], "--map knows no member 'x' of an interaction; "),
        (["--profile", "kong", "--format", "har"], "a log has no format beside its profile and"),
        (["--profile", "kon"], "--profile"),
        (["--format", "hra"], "--format"),
    ],
)
def test_a_wrong_choice_is_one_error(words: list[str], message: str) -> None:
    """Before anything is read."""
    done = typed("traffic", "gateway.log", *words)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"error: {message}")
    assert done.stderr.count("\n") == 1


def test_a_format_is_insisted_on() -> None:
    """What is in another one cannot be read."""
    assert typed("traffic", "a.har", "--format", "har").exit_code == 0
    done = typed("traffic", "a.har", "--format", "go-vcr")
    assert done.exit_code == 2


def test_what_was_chosen_is_repeated() -> None:
    """The command that shows a finding again reads the recording in the same way."""
    options = formats.Chosen(None, "kong", ("at=$.a", "seconds=$.b")).choosing
    assert options == [
        ("--format", None),
        ("--profile", "kong"),
        ("--map", "at=$.a"),
        ("--map", "seconds=$.b"),
    ]


def test_the_names_are_those_of_the_tables() -> None:
    """Help reads neither table."""
    assert (*FORMATS,) == formats.FORMATS
    assert (*PROFILES,) == formats.PROFILES
