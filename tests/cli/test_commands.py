"""What all commands have in common: shared options, errors, interrupts and streams."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from enkash_contract.cli.main import main
from enkash_contract.engine import run as runner
from tests.support.paths import ROOT
from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    import pytest


def test_an_interrupt_is_not_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a run with exit code 130."""

    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "run", interrupted)
    assert said(typed("check")) == (130, "", "interrupted\n")


def test_the_configuration_may_be_named_with_every_command() -> None:
    """Whatever can be asked for before the command can be asked for after it."""
    shared = {"--config", "--env", "--show-config"}
    for command in (main, *main.commands.values()):
        assert shared <= {name for one in command.params for name in one.opts}


def test_a_terminal_without_unicode_is_no_traceback() -> None:
    """What cannot be shown is shown escaped."""
    target = "tests.support.implementations.wsgi_app:bound_refused"
    done = subprocess.run(
        [sys.executable, "-m", "enkash_contract", "check", target, "--only", "request/b2bIds/*"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"0123\\u2026 (100 characters)" in done.stdout


def test_output_may_be_taken_by_another_program() -> None:
    """A stream that is no file of the system's is written to as it is."""
    taken = io.StringIO()
    with contextlib.redirect_stdout(taken):
        main(["cases"], standalone_mode=False)
    assert taken.getvalue().startswith("accept request#type/baseline ")
