"""How a finding is repeated: the command, or the curl line, that shows it again.

curl repeats most findings, because anyone has it. Three kinds need a command of ours: an
application that is called in this process and that curl cannot reach, a request whose body no curl
line can spell without showing a secret, and what takes two requests to show.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from enkash_contract.errors import printable
from enkash_contract.generation import fuzz_ids
from enkash_contract.judging.checks import REQUEST_SCHEMA
from enkash_contract.report.curl import (
    UNSPEAKABLE,
    curl,
    header_option,
    shell_word,
    target_words,
)
from enkash_contract.secrets import redaction
from enkash_contract.secrets.redaction import QUOTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.judging.result import Finding
    from enkash_contract.secrets.redaction import Secrets
    from enkash_contract.wire.message import Interaction

SANDBOX = "enkash_contract:Sandbox"
"""The `application` of a run against the embedded sandbox, which no import finds."""


LONGEST = 4_096
"""No line has more characters: in its place the case is named, or where the request stands."""


@dataclass(frozen=True)
class Reproduction:
    """How the findings of one run are repeated.

    `command` repeats the run, and one case of it when `option` and the case's id are appended.
    `fuzzing` draws again what fuzzing drew; both are "" where there is no such command. `test` runs
    the one test again in which all findings came up. `in_process` says that the target has no
    address, so that curl cannot reach it, and `application` names it as `module:attribute`, if it
    has a name.
    """

    command: str = ""
    option: str = "--case"
    fuzzing: str = ""
    test: str = ""
    in_process: bool = False
    application: str = ""

    def of(self, finding: Finding) -> str:
        """Return the command that repeats `finding`; "" when there is none."""
        if self.test:
            return self.test
        if self._is_drawn_again(finding):
            return self.fuzzing
        by_case = f"{self.command} {self.option} {shlex.quote(finding.case)}"
        has_command = bool(self.command and finding.case)
        if self.in_process and has_command:
            return by_case
        if finding.interaction is None:
            # A request that a client sent in a test is sent again by that test.
            return pytest_command(finding.source) if finding.check == REQUEST_SCHEMA else ""
        line, reason = _curl(finding.interaction, finding.source)
        return line or (by_case if has_command else f"# {reason}")

    def _is_drawn_again(self, finding: Finding) -> bool:
        """Return whether only fuzzing shows it again: the suite has no such case."""
        alone = fuzz_ids.is_history(finding.case) or (
            self.in_process and fuzz_ids.name(finding.case)
        )
        return bool(self.fuzzing and alone)


def _curl(interaction: Interaction, source: str) -> tuple[str, str]:
    """Return a curl line, and the reason if it is "": nobody reads or pastes a very long one."""
    too_long = f"the request is too long for a line: {printable(source)}"
    # What is not shown needs no search for secrets.
    if len(interaction.request.body or b"") > QUOTED:
        return "", too_long
    line = curl(interaction.request, redaction.of(interaction))
    return ("", too_long) if len(line) > LONGEST else (line, UNSPEAKABLE)


def pytest_command(node: str) -> str:
    """Return the command that runs one test again."""
    return f"pytest {shlex.quote(node)}"


def check_command(
    target: str | None,
    options: Iterable[tuple[str, str | None]],
    headers: Iterable[str],
    secrets: Secrets,
) -> str:
    """Return the command line of a check, all its secrets left to the environment.

    `options` are names with values, "" for a flag, those with None being left out; of `headers`
    only the names are written.
    """
    words = ["enkash-contract", "check", *(target_words(target) if target else [])]
    for name, value in options:
        words += [] if value is None else [name, shell_word(value, secrets)] if value else [name]
    return " ".join((*words, *map(header_option, headers)))


def validate_command(payload: str, overlays: Iterable[str], fail_on: str | None) -> str:
    """Return the command line that validates `payload`, with the level where it is not as usual."""
    words = [f"--overlay {shlex.quote(name)}" for name in overlays]
    words += [f"--fail-on {fail_on}"] if fail_on else []
    return " ".join(["printf %s", shlex.quote(payload), "| enkash-contract validate", *words, "-"])
