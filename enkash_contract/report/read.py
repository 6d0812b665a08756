"""Reports read back from JSON of version 2, so that they can be added up and written again."""

from __future__ import annotations

import functools
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.engines.choice import compiled
from enkash_contract.contract.evidence import Evidence, Level, Source
from enkash_contract.errors import UsageError
from enkash_contract.judging.recordings import Recordings
from enkash_contract.judging.result import Tally
from enkash_contract.judging.stability import Stability
from enkash_contract.report.coverage import RuleCoverage, SideCoverage
from enkash_contract.report.document import (
    Body,
    Exchange,
    Report,
    ReportCause,
    ReportFinding,
    ReportOperation,
    ReportSandbox,
    ReportWaiver,
    Run,
    ShownRequest,
    ShownResponse,
)
from enkash_contract.report.json_report import VERDICTS, VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.contract.engines.choice import Engine

    Data = Mapping[str, Any]
    Sources = Mapping[str, Source]


def read(path: str) -> Report:
    """Read the report in a file.

    Raises:
        UsageError: it cannot be read, or is no report of version 2.

    """
    try:
        data = json.loads(Path(path).read_bytes())
    except OSError as error:
        why = error.strerror or error
        raise UsageError(f"{path} cannot be read: {why}; name a file that is there") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{path} is not JSON: {error}; give a file of --report json=PATH"
        ) from None
    problem = problem_of(data)
    if problem:
        raise UsageError(f"{path} {problem}")
    return from_data(data)


def problem_of(data: Any) -> str:
    """Return what keeps `data` from being a report of version 2; "" if nothing does."""
    version = data.get("version") if isinstance(data, dict) else None
    if version is None or "findings" not in data:
        return "is no report; give a file of --report json=PATH"
    if version != VERSION:
        older = "write it anew with --report json=PATH" if version == 1 else "update this package"
        return f"is a report of version {json.dumps(version)}, and {VERSION} is read; {older}"
    if not _validator().is_valid(data):
        # What is told of an error holds the value, which must be text to the engine.
        plain = json.loads(re.sub(r"\\ud[89a-f]\w\w", "?", json.dumps(data)))
        error = next(_validator().iter_errors(plain))
        at = "".join(f"/{token}" for token in error.instance_path)
        return f"is no whole report: at {at or 'its top'}, {error.message[:200]}"
    wrong = [cause["id"] for cause in data["causes"] if not _holds(cause, data["findings"])]
    return f"is no whole report: the samples of cause {wrong[0]} are not there" if wrong else ""


def _holds(cause: Data, findings: list[Data]) -> bool:
    """Return whether the samples of a cause are findings of it."""
    places = cause["samples"]
    return all(at < len(findings) and findings[at]["cause"] == cause["id"] for at in places)


def schema_text() -> str:
    """Return the JSON Schema of a report, as it is published."""
    return files("enkash_contract.report").joinpath("schema/report.schema.json").read_text("utf-8")


@functools.cache
def _validator() -> Engine:
    return compiled(json.loads(schema_text()))


def from_data(data: Data) -> Report:
    """Return the report that `data` holds, which keeps the schema."""
    sources = {
        each["id"]: Source(each["id"], each["shows"], each["read"], each["url"] or "")
        for each in data["sources"]
    }
    findings = tuple(_finding(each, sources) for each in data["findings"])
    unread = tuple(data["unread"])
    notes = data["notes"][: len(data["notes"]) - len(unread)]
    return Report(
        runs=tuple(map(_run, data["runs"])),
        operations=tuple(_operation(each, data["rules"], sources) for each in data["operations"]),
        findings=findings,
        causes=tuple(_cause(each, findings, sources) for each in data["causes"]),
        verdicts=_verdicts(data["cases"]),
        stability=Stability(
            data["requests"]["sent"],
            data["requests"]["unstable"],
            contradicted=data["requests"]["contradicted"],
        ),
        notes=tuple(notes),
        unread=unread,
        waivers=tuple(data["waivers"]),
        promises=tuple(data["promises"]),
        sources=sources,
        sandboxes=tuple(map(_sandbox, data["sandboxes"])),
        recordings=Recordings(**data.get("recordings", {})),
    )


def _run(data: Data) -> Run:
    return Run(
        id=data["id"],
        command=data["command"],
        tool=data["tool"],
        python=data["python"],
        target=data["target"],
        sha256=data["document"]["sha256"],
        overlays=tuple(data["document"]["overlays"]),
        fail_on=data["fail_on"],
        exit=data["exit"],
        baseline=data["baseline"],
        started=data["started"] or "",
        finished=data["finished"] or "",
        seconds=data["seconds"],
        seed=data["seed"],
        options=tuple((name, value) for name, value in data["options"]),
        waivers=tuple(ReportWaiver(**each) for each in data["waivers"]),
    )


def _verdicts(data: Data) -> dict[Any, int]:
    return {verdict: data[name] for name, verdict in VERDICTS.items() if data[name]}


def _operation(data: Data, rules: list[Data], sources: Sources) -> ReportOperation:
    requests = {side: _tally(data[side]) for side in ("accept", "reject")}
    return ReportOperation(
        id=data["id"],
        method=data["method"],
        path=data["path"],
        summary=data["summary"],
        verdicts=_verdicts(data["cases"]),
        requests={side: tally for side, tally in requests.items() if tally != Tally()},
        rules=tuple(_rule(rule, sources) for rule in rules if rule["operation"] == data["id"]),
        durations=dict(data["durations"]),
    )


def _tally(data: Data) -> Tally:
    return Tally(data["exercised"], data["held"], data["masked"], data["inconclusive"])


def _rule(data: Data, sources: Sources) -> RuleCoverage:
    return RuleCoverage(
        operation=data["operation"],
        id=data["id"],
        pointer=data["pointer"],
        keyword=data["keyword"],
        demands=data["demands"],
        evidence=_evidence(data["evidence"], sources),
        receiver=_evidence(data["receiver"], sources),
        place=data["document"],
        accept=_side(data["accept"]),
        reject=_side(data["reject"]),
        responses=data["responses"],
        violations=data["violations"],
        others=data["others"],
        breakable=data["breakable"],
    )


def _sandbox(data: Data) -> ReportSandbox:
    rule, others = data["rule"] or "", tuple(data["others"])
    return ReportSandbox(**{**data, "rule": rule, "others": others})


def _side(data: Data) -> SideCoverage:
    families = {family: _tally(tally) for family, tally in data["families"].items()}
    return SideCoverage(families, data["cases"])


def _evidence(data: Data, sources: Sources) -> Evidence:
    ids = data.get("sources") or [each for each in (data["source"],) if each is not None]
    known = [sources.get(each, Source(each)) for each in ids]
    return Evidence(Level(data["level"]), known[0] if known else None, tuple(known[1:]))


def _cause(data: Data, findings: tuple[ReportFinding, ...], sources: Sources) -> ReportCause:
    return ReportCause(
        id=data["id"],
        sentence=data["sentence"],
        severity=data["severity"],
        fault=data["fault"],
        evidence=_evidence(data["evidence"], sources),
        count=data["count"],
        members=tuple(data["members"]),
        operations=tuple(data["operations"]),
        samples=tuple(findings[number] for number in data["samples"]),
        repeat=data["repeat"],
        valid=_request(data["valid"]) if data["valid"] else None,
    )


_SAME = (
    "fingerprint check operation rule family case pointer severity fault message expected actual "
    "document source reproduce cause run"
).split()
"""The members of a finding that are the same in a file."""


def _finding(data: Data, sources: Sources) -> ReportFinding:
    return ReportFinding(
        **{name: data[name] for name in _SAME},
        evidence=_evidence(data["evidence"], sources),
        reason=data["waived"] or "",
        exchange=_exchange(data) if data["request"] else None,
        count=data.get("count", 1),
    )


def _request(data: Data) -> ShownRequest:
    return ShownRequest(data["method"], data["url"], _pairs(data["headers"]), _body(data["body"]))


def _exchange(data: Data) -> Exchange:
    request, response = data["request"], data["response"]
    return Exchange(
        _request(request),
        response
        and ShownResponse(response["status"], _pairs(response["headers"]), _body(response["body"])),
        data["error"] or "",
        data["time"] or "",
        data["seconds"],
        data["correlation"],
    )


def _pairs(listed: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in listed)


def _body(data: Data | None) -> Body | None:
    return None if data is None else Body(**data)
