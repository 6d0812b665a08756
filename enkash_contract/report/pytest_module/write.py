"""The findings as a module of tests, which shows them again without this package.

A person who mends a server wants to see each finding fail, then pass, in a suite of their own. So
the file holds all it needs: the bytes that were sent, how an outcome is read, and of a response's
schema the one rule that was broken. It needs pytest, httpx and jsonschema-rs.

A violation is a test. An assumption is one that may fail (`xfail`): it rests on weak evidence, and
never breaks a build here either. A mistake of a client is no test, because no request shows it
again; nor is a finding that takes two requests to show. Secrets of a request are read from the
environment.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO
from urllib.parse import urlsplit

from enkash_contract.contract.wording import counted
from enkash_contract.errors import UsageError
from enkash_contract.generation import fuzz_ids
from enkash_contract.judging import checks
from enkash_contract.report import words
from enkash_contract.report.curl import UNSPEAKABLE
from enkash_contract.report.pytest_module import templates
from enkash_contract.report.pytest_module.conditions import CONDITIONS
from enkash_contract.report.pytest_module.source import (
    STEP,
    WIDTH,
    asserted,
    call,
    literal,
    pieces,
    quoted,
)
from enkash_contract.report.pytest_module.target import kind_of, read, settings
from enkash_contract.secrets import redaction
from enkash_contract.secrets.redaction import Variable
from enkash_contract.wire.message import shown_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.judging.finding import Finding
    from enkash_contract.judging.result import Result
    from enkash_contract.report import About
    from enkash_contract.report.document import Report
    from enkash_contract.secrets.redaction import Secrets
    from enkash_contract.wire.message import Request

FRAMING = ("expect", "transfer-encoding")
"""The headers that say how a body is sent, and so belong to a request."""

_KEPT = 8
"""The columns around a piece of a body: its indent, its comma, and room for quotes."""


def write(report: Report, stream: TextIO) -> None:
    """Write the findings of a run as a module of tests.

    Raises:
        UsageError: the report was read from a file, in which requests have lost their secrets.

    """
    if report.origin is None:
        raise UsageError(
            "a module of tests is written by the run itself: a report that was read from a file "
            "has lost what its requests were sent with; give --report pytest=PATH to the run"
        )
    result, about = report.origin
    chosen, left = _chosen(result)
    tests = list(_tests(chosen, about, trusted=result.baseline == "accepted"))
    if about.plan is not None and not tests:
        tests = [templates.NOTHING_FOUND]
    kind = kind_of(about)
    assignments = "\n".join(settings(chosen, about, kind))
    parts = [assignments, *_functions(tests, chosen, about, kind), *tests] if tests else []
    if any("variable(" in part for part in parts):
        # Two lines are left free before a function, one before an assignment.
        parts.insert(0, f"\n{templates.VARIABLE}")
    notes = [f"# Not a test: {_printable(_said(finding) + _why_none(finding))}" for finding in left]
    body = "\n\n\n".join(parts + (["\n".join(notes)] if notes else []))
    stream.write(f"{_introduction(report, result, about, body)}{_imports(body)}{body}\n")


def _chosen(result: Result) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that can be shown again and those that cannot, each of them once."""
    distinct: dict[tuple[str, str], Finding] = {}
    for finding in sorted(result.findings, key=lambda finding: finding.severity == "assumption"):
        distinct.setdefault((finding.fingerprint, finding.message), finding)
    chosen: list[Finding] = []
    left: list[Finding] = []
    for finding in distinct.values():
        sent = finding.interaction is not None and finding.interaction.request.body is not None
        single = sent and not fuzz_ids.is_history(finding.case)
        shown = single and finding.check in CONDITIONS and not _why_none(finding)
        (chosen if shown else left).append(finding)
    return chosen, left


def _why_none(finding: Finding) -> str:
    """Return why the request of a finding cannot be written down; "" where it can."""
    if finding.interaction is None:
        return ""
    body = finding.interaction.request.body or b""
    pieces = redaction.of(finding.interaction).pieces(body)
    return f"; {UNSPEAKABLE}" if pieces is None else ""


def _said(finding: Finding) -> str:
    about = f"{finding.rule}, {finding.evidence}, {finding.document}"
    return f"{finding.check}: {finding.message} [{about}]"


def _printable(text: str) -> str:
    return quoted(text.replace('"', "'"))[1:-1]


# Before the tests


def _introduction(report: Report, result: Result, about: About, body: str) -> str:
    operation, document = about.operation, about.contract.document
    counts = (
        counted(result.number("violation"), "violation"),
        counted(result.number("assumption"), "assumption"),
    )
    names = sorted(set(re.findall(r"(?<=variable\(\")\w+", body)) - {"ENKASH_URL"})
    address = "" if about.reproduction.application else "ENKASH_URL=https://… "
    credentials = templates.CREDENTIALS.format(names=", ".join(names)) if names else ""
    return templates.INTRODUCTION.format(
        target=_printable(about.target),
        counts=" and ".join(counts),
        operation=f"{operation.id} ({operation.method} {operation.path})",
        document=" with ".join(map(_printable, document.layers)),
        sha256=document.sha256,
        tested=words.proven(report),
        command=f"{address}python -m pytest FILE",
        credentials=credentials,
    )


_IMPORTS = (
    (
        ("import asyncio", r"asyncio\."),
        ("import contextlib", r"contextlib\."),
        ("import json", r"json\."),
        ("import os", r"os\."),
        ("import time", r"time\."),
        ("from dataclasses import dataclass, field", "@dataclass"),
        ("from importlib import import_module", r"import_module\("),
    ),
    (
        ("import httpx", r"httpx\."),
        ("import jsonschema_rs", r"jsonschema_rs\."),
        ("import pytest", r"pytest\."),
        ("from enkash_contract import Sandbox, load", r"Sandbox\(contract=load\("),
        ("from enkash_contract import Sandbox", r"Sandbox\((?!contract=)"),
    ),
)
"""The possible imports, the standard library's first, each with a pattern of what needs it."""


def _imports(body: str) -> str:
    blocks = ([line for line, need in block if re.search(need, body)] for block in _IMPORTS)
    return "".join("\n".join(lines) + "\n\n" for lines in blocks if lines)


def _functions(tests: list[str], chosen: list[Finding], about: About, kind: str) -> Iterator[str]:
    """Yield the functions that the tests need."""
    called = {name for test in tests for name in re.findall(r"\b(\w+)\(", test)}
    needed = [text for name, text in templates.HELPERS.items() if name in called]
    resting = any("(baseline):" in test for test in tests)
    if resting and templates.OUTCOME not in needed:
        needed.insert(0, templates.OUTCOME)
    if templates.OUTCOME in needed:
        schemas = literal(dict(about.operation.outcomes), 0, len("OUTCOMES = "))
        yield f"OUTCOMES = {schemas}\n{templates.OUTCOMES}"
    yield templates.RESPONSE
    method, label = quoted(about.operation.method), quoted(about.operation.request.media_type)
    yield templates.SEND.format(defaults=f"method={method}, path=PATH, labels=({label},)")
    yield templates.EXCHANGE[kind]
    yield templates.MEDIA_TYPE
    yield from needed
    if resting and about.plan is not None:
        request = about.plan.baseline.request()
        sending = _sending(request, about, _of_plan(chosen, about))
        yield templates.BASELINE.format(sending=sending)


# The tests


def _tests(chosen: list[Finding], about: About, *, trusted: bool) -> Iterator[str]:
    """Yield a function for each finding."""
    names: dict[str, int] = {}
    for finding in chosen:
        assert finding.interaction is not None  # noqa: S101 - these were chosen for having finding
        marks = ""
        if finding.severity == "assumption":
            marks = call(
                "@pytest.mark.xfail", ["strict=False", f"reason={quoted(str(finding.evidence))}"]
            )
            marks += "\n"
        schema, condition = CONDITIONS[finding.check](finding, about)
        rests = trusted and finding.check in (checks.POSITIVE, checks.NEGATIVE)
        lines = [f"{marks}def {_name(finding, names)}({'baseline' if rests else ''}):"]
        lines += [f"{' ' * STEP}schema = {schema}"] if schema else []
        lines += [_sending(finding.interaction.request, about, redaction.of(finding.interaction))]
        lines += [asserted(condition, _said(finding), STEP)]
        yield "\n".join(lines)


def _name(finding: Finding, names: dict[str, int]) -> str:
    """Name a test after what it is about; a name that is taken is given a number."""
    subject = finding.case if finding.family else finding.rule
    name = re.sub(r"[\W_]+", "_", subject.removeprefix("request"), flags=re.ASCII).strip("_")
    names[name] = names.get(name, 0) + 1
    return f"test_{name}" + (f"_{names[name]}" if names[name] > 1 else "")


def _of_plan(chosen: list[Finding], about: About) -> Secrets:
    """Return what is secret in the baseline, known as in what was sent after it."""
    known = [finding.interaction.secrets for finding in chosen if finding.interaction]
    assert about.plan is not None  # noqa: S101 - without one there is no baseline
    request = about.plan.baseline.request()
    return next(filter(None, known), redaction.of_request(request, about.operation.described))


def _body(body: bytes, secrets: Secrets) -> Iterator[str]:
    """Yield the literals and variables that make up a body."""
    for piece in secrets.pieces(body) or ():
        if isinstance(piece, Variable):
            yield read(piece.name)
        else:
            yield from pieces(piece, WIDTH - _KEPT - 1)


def _sending(request: Request, about: About, secrets: Secrets) -> str:
    """Return the statement that sends `request`; usual arguments are left out."""
    arguments = list(_body(request.body or b"", secrets))
    operation = about.operation
    if request.method != operation.method:
        arguments.append(f"method={quoted(request.method)}")
    path = _path(request, about)
    if path != operation.path:
        arguments.append(f"path={quoted(path)}")
    labels = [value for name, value in request.headers if name.lower() == "content-type"]
    if labels != [operation.request.media_type]:
        comma = "," if len(labels) == 1 else ""
        arguments.append(f"labels=({', '.join(map(quoted, labels))}{comma})")
    fields = tuple(pair for pair in request.headers if pair[0].lower() in FRAMING)
    if fields:
        pairs = (f"({quoted(name)}, {quoted(value)})" for name, value in fields)
        arguments.append(f"fields=({', '.join(pairs)},)")
    if not request.sized:
        arguments.append("sized=False")
    return call("response = send", arguments, STEP)


def _path(request: Request, about: About) -> str:
    """Return the path below the base of all requests."""
    base = shown_url(about.target).rstrip("/").removesuffix(about.operation.path)
    shown = shown_url(request.url)
    if not about.reproduction.application and about.plan and shown.startswith(base):
        return shown.removeprefix(base)
    path = urlsplit(shown).path
    return about.operation.path if path.endswith(about.operation.path) else path
