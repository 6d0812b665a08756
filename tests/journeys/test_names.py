"""Names of files, hosts and environments reach terminals and the logs of CI as printable text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from enkash_contract.cli.main import main
from tests.support.recorded import entry, log

if TYPE_CHECKING:
    from pathlib import Path

NAME = "a\n::error::pwn\r\x1b[31m\x9b2J\u202e"

COMMANDS = [
    ["traffic", "{}.har"],
    ["traffic", "{}"],
    ["traffic", "{}.yaml"],
    ["validate", "{}.json"],
    ["validate", "{}"],
    ["check", "--base", "{}.json"],
    ["check", "--base", "{}"],
    ["check", "--config", "{}.toml"],
    ["check", "--config", "{}"],
    ["check", "--env", "{}"],
    ["check", "--report", "json={}.json/x"],
    ["check", "http://{}/"],
    ["check", "{}:app"],
    ["check", "--only", "{}"],
    ["check", "--pin", "/{}=1"],
    ["check", "--pin", "{}"],
    ["rules", "--overlay", "{}.overlay"],
    ["rules", "--operation", "{}"],
    ["explain", "{}"],
    ["sandbox", "--defect", "{}"],
    ["sandbox", "--host", "{}"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_name_is_printable(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line begins as a CI's commands do, and nothing controls the terminal."""
    monkeypatch.chdir(tmp_path)
    contents = {".har": json.dumps(log(entry())), ".json": "{}", ".toml": "x = ", ".yaml": "a: ["}
    for ending, content in {**contents, ".overlay": "a: ["}.items():
        (tmp_path / f"{NAME}{ending}").write_text(content, encoding="utf-8")
    result = CliRunner().invoke(main, [word.format(NAME) for word in words])

    lines = result.output.splitlines()
    assert lines
    assert isinstance(result.exception, SystemExit | None)
    assert all(line.isprintable() and not line.startswith("::") for line in lines), lines
