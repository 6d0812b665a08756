"""How a finding is repeated: the command, or the curl line, that shows it again.

curl repeats most findings, because anyone has it. Three kinds need a command of ours: an
application that is called in this process and that curl cannot reach, a request whose body no curl
line can spell without showing a secret, and what takes two requests to show.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from enkash_contract.contract.choice import qualified
from enkash_contract.contract.operation import REQUEST
from enkash_contract.errors import printable
from enkash_contract.generation import fuzz_ids
from enkash_contract.judging.checks import REQUEST_SCHEMA
from enkash_contract.report.curl import (
    UNSPEAKABLE,
    curl,
    header_option,
    print_command,
    shell_word,
    target_words,
)
from enkash_contract.secrets import redaction
from enkash_contract.secrets.redaction import QUOTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from enkash_contract.judging.finding import Finding
    from enkash_contract.secrets.redaction import Secrets
    from enkash_contract.wire.message import Interaction

SANDBOX = "enkash_contract:Sandbox"
"""The `application` of a run against the embedded sandbox, which no import finds."""


BESIDE = ("method", "path", "content-type", "content-type-present", "content-type-single")
"""The keywords of the rules on what is beside a payload."""


LONGEST = 4_096
"""No line has more characters: in its place the case is named, or where the request stands."""


@dataclass(frozen=True)
class Reproduction:
    """How the findings of one run are repeated.

    `command` repeats the run, and one case of it when `option` and the case's id are appended.
    `fuzzing` draws again what fuzzing drew; both are "" where there is no such command. `test` runs
    the one test again in which all findings came up. `in_process` says that the target has no
    address, so that curl cannot reach it, and `application` names it as `module:attribute`, if it
    has a name. `recordings` are the words behind `enkash-contract traffic` that read the recordings
    again, and `validation` those behind `enkash-contract validate`; the latter take the operation
    `default` unless another is named, and "" for any. The ids of cases are `qualified` in a run of
    several operations.
    """

    command: str = ""
    option: str = "--case"
    fuzzing: str = ""
    test: str = ""
    in_process: bool = False
    application: str = ""
    recordings: str = ""
    validation: str = ""
    default: str = ""
    qualified: bool = False

    def briefly(self, finding: Finding) -> str:
        """Return the shortest command that repeats `finding`; "" when there is none."""
        is_in_suite = bool(self.command and finding.case and not fuzz_ids.name(finding.case))
        return self._by_case(finding) if is_in_suite and not self.test else self.of(finding)

    def _by_case(self, finding: Finding) -> str:
        case = finding.case
        case = qualified(finding.operation, case) if self.qualified else case
        return f"{self.command} {self.option} {shlex.quote(case)}"

    def of(self, finding: Finding) -> str:
        """Return the command that repeats `finding`; "" when there is none."""
        if self.test:
            return self.test
        if self._is_drawn_again(finding):
            return self.fuzzing
        by_case = self._by_case(finding)
        has_command = bool(self.command and finding.case)
        if self.in_process and has_command:
            return by_case
        if finding.interaction is None:
            # A request that a client sent in a test is sent again by that test.
            return pytest_command(finding.source) if finding.check == REQUEST_SCHEMA else ""
        if finding.fault == "client":
            return self._of_client(finding, finding.interaction)
        line, reason = _curl(finding.interaction, finding.source)
        return line or (by_case if has_command else f"# {reason}")

    def _of_client(self, finding: Finding, interaction: Interaction) -> str:
        """Return the command that judges a request again: it is never sent to anybody.

        A payload is validated; of what is beside it, and of what no shell can spell, the recording
        is read again.
        """
        printing = "" if is_beside_payload(finding.rule) else printed(interaction)
        if printing:
            of = self.default not in ("", finding.operation)
            words = f"{self.validation} --operation {finding.operation}" if of else self.validation
            return f"{printing} | enkash-contract validate{words} -"
        return f"enkash-contract traffic {self.recordings}" if self.recordings else ""

    def _is_drawn_again(self, finding: Finding) -> bool:
        """Return whether only fuzzing shows it again: the suite has no such case."""
        alone = fuzz_ids.is_history(finding.case) or (
            self.in_process and fuzz_ids.name(finding.case)
        )
        return bool(self.fuzzing and alone)


@dataclass(frozen=True)
class Reproductions(Reproduction):
    """How the findings of a run of several operations are repeated, each as those of its own."""

    each: Mapping[str, Reproduction] = field(default_factory=dict)

    def briefly(self, finding: Finding) -> str:
        """Return the shortest command that repeats `finding`; "" when there is none."""
        return self.each[finding.operation].briefly(finding)

    def of(self, finding: Finding) -> str:
        """Return the command that repeats `finding`; "" when there is none."""
        return self.each[finding.operation].of(finding)


def _curl(interaction: Interaction, source: str) -> tuple[str, str]:
    """Return a curl line, and the reason if it is "": nobody reads or pastes a very long one."""
    too_long = f"the request is too long for a line: {printable(source)}"
    # What is not shown needs no search for secrets.
    if len(interaction.request.body or b"") > QUOTED:
        return "", too_long
    line = curl(interaction.request, redaction.of(interaction))
    return ("", too_long) if len(line) > LONGEST else (line, UNSPEAKABLE)


def is_beside_payload(rule: str) -> bool:
    """Return whether no payload alone shows that the rule with this id is broken."""
    return rule.partition("#")[0] == REQUEST and rule.partition("#")[2] in BESIDE


def printed(interaction: Interaction) -> str:
    """Return the commands that print the body of a request; "" if they are not fit to be pasted."""
    body = interaction.request.body or b""
    if not body or len(body) > QUOTED:
        return ""
    pieces = redaction.of(interaction).pieces(body)
    commands = "" if pieces is None else print_command(pieces)
    return "" if len(commands) > LONGEST else commands


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


def of_recordings(
    recordings: Iterable[str],
    judging: list[tuple[str, str | None]],
    choosing: list[tuple[str, str | None]],
    *,
    default: str = "",
) -> Reproduction:
    """Return how what was found in recordings is found again.

    The options of `judging` are needed for each payload, those of `choosing` to read a recording;
    a payload of another operation than `default` needs its operation as well.
    """
    words = {
        name: "".join(f" {option} {shlex.quote(value)}" for option, value in given if value)
        for name, given in (("judging", judging), ("choosing", choosing))
    }
    files = " ".join(map(shlex.quote, recordings))
    return Reproduction(
        recordings=f"{files}{words['judging']}{words['choosing']}",
        validation=words["judging"],
        default=default,
    )


def validate_command(payload: str, overlays: Iterable[str], fail_on: str | None) -> str:
    """Return the command line that validates `payload`, with the level where it is not as usual."""
    words = [f"--overlay {shlex.quote(name)}" for name in overlays]
    words += [f"--fail-on {fail_on}"] if fail_on else []
    return " ".join(["printf %s", shlex.quote(payload), "| enkash-contract validate", *words, "-"])
