"""Judgement of recorded traffic: both sides of every interaction with our operations.

`detection` finds out what a file holds, and each format has a module that makes an `Entry` of each
interaction in it. The readers judge nothing: that is for `judge` alone.
"""

from __future__ import annotations

import fnmatch
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from enkash_contract.contract import routing
from enkash_contract.contract.contract import Contract, bundled
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.errors import RecordingError
from enkash_contract.judging.judge import judge_record
from enkash_contract.judging.result import Result, add
from enkash_contract.secrets import redaction
from enkash_contract.traffic import detection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from enkash_contract.contract.operation import Operation
    from enkash_contract.traffic.entry import Entry
    from enkash_contract.wire.message import Request


ENDINGS = (".har", ".json", ".ndjson", ".jsonl", ".yaml", ".yml")
"""The endings of the files that a folder is searched for, each also with `.gz` after it. Of a file
that is named by itself, the content decides."""


def check_traffic(
    *recordings: str | Path,
    contract: Contract | None = None,
    operation: str | None = None,
    host: str | None = None,
    fail_on: Level | str = FAIL_ON,
) -> Result:
    """Judge recorded traffic and return the result.

    Args:
        recordings: files, or folders that are searched for them.
        contract: the contract, by default the bundled one.
        operation: the operation's id; by default all operations of the contract are looked for.
        host: a glob over `host` or `host:port`; by default the operation's path is enough.
        fail_on: the weakest level of evidence at which a finding is a violation.

    A file that cannot be read is named in `Result.unread`; the others are still judged.

    """
    whole = bundled() if contract is None else contract
    wanted = list(whole.values()) if operation is None else [whole.pick(operation)]
    level = Level.of(fail_on)
    total = Result()
    sources: defaultdict[str, list[str]] = defaultdict(list)
    for path in recordings:
        files = _files(Path(path))
        if not files:
            problem = f"the folder {path} holds no recording ({', '.join(ENDINGS)})"
            total += Result(unread=(problem,))
        for file in files:
            judged, problems = _judge_file(file, wanted, host, level)
            total += judged
            for problem, source in problems:
                sources[problem].append(source)
    # A recorder leaves out the same in all entries and files, and one line says so.
    total += Result(notes=tuple(f"{_first_of(named)}: {what}" for what, named in sources.items()))
    if not total.total and not total.unread:
        total += Result(notes=(_nothing(recordings, wanted, host),))
    return total


def _nothing(recordings: Iterable[str | Path], wanted: list[Operation], host: str | None) -> str:
    """Return the note that no request was found, with the hosts at which there are some."""
    paths = ", ".join(operation.path for operation in wanted)
    to = "" if host is None else f" at {host}"
    known = [] if host is None else _hosts(recordings, wanted)
    hint = f"; --host may be {' or '.join(known)}" if known else ""
    return f"no request to {paths}{to} is recorded there{hint}"


def _hosts(recordings: Iterable[str | Path], wanted: list[Operation]) -> list[str]:
    """Return the hosts to which requests of the wanted operations are recorded."""
    hosts: dict[str, None] = {}
    for file in (file for path in recordings for file in _files(Path(path))):
        for entry in entries(file):
            request = entry.interaction.request if entry.interaction else None
            if request and _is_readable(request.url) and operation_of(request, wanted):
                hosts[urlsplit(request.url).netloc.rpartition("@")[2]] = None
    return sorted(hosts)


def is_named_as_one(name: str) -> bool:
    """Return whether a file of that name is taken for a recording."""
    return name.lower().removesuffix(".gz").endswith(ENDINGS)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if is_named_as_one(file.name) and file.is_file())


def entries(file: Path) -> Iterator[Entry]:
    """Yield an entry for everything in a file, as far as it can be read.

    Raises:
        RecordingError: all of it, or a part, is no recording or cannot be read.

    """
    yield from detection.entries(file)


def judge(
    entry: Entry, wanted: Iterable[Operation], *, host: str | None = None, fail_on: Level = FAIL_ON
) -> Result | None:
    """Judge an entry by the one of the `wanted` operations that it speaks to; None if by none.

    An entry without an address may have been any request, so it counts as unread.
    """
    found = _judged(entry, wanted, host, fail_on)
    if found is None:
        return None
    result, problem = found
    return result + Result(notes=(f"{entry.source}: {problem}",) if problem else ())


def _judged(
    entry: Entry, wanted: Iterable[Operation], host: str | None, fail_on: Level
) -> tuple[Result, str] | None:
    """Return what `judge` returns, and apart from it what could not be read of the entry."""
    interaction = entry.interaction
    if interaction is None:
        return _unread(entry, entry.problem), ""
    operation = operation_of(interaction.request, wanted, host)
    if operation is None:
        return None
    if not _is_readable(interaction.request.url):
        return _unread(entry, "the address was unreadable (it is no URL)"), ""
    request, missing = _completed(interaction.request, operation)
    result = judge_record(operation, replace(interaction, request=request), fail_on=fail_on)
    problem = "; ".join(part for part in (missing, entry.problem) if part)
    if problem:
        problem = redaction.of_request(request, operation.described).hide(problem)
    return result, problem


def _unread(entry: Entry, problem: str) -> Result:
    what = f"{entry.source}: {problem}"
    return Result(verdicts={"inconclusive": 1}, unread=(what,))


def _completed(request: Request, operation: Operation) -> tuple[Request, str]:
    """Return a request that breaks no rule by what was not recorded of it, and what that is.

    No request is without a method or without any header.
    """
    missing = [
        name
        for name, value in (("method", request.method), ("headers", request.headers))
        if not value
    ]
    if not missing:
        return request, ""
    label = (("Content-Type", operation.request.media_type),)
    completed = replace(
        request, method=request.method or operation.method, headers=request.headers or label
    )
    what = f"{' and '.join(missing)} of the request were not recorded"
    return completed, what


def _judge_file(
    file: Path, wanted: list[Operation], host: str | None, level: Level
) -> tuple[Result, list[tuple[str, str]]]:
    """Return what a file shows, and what could not be read of its entries, each with its source."""
    results: list[Result] = []
    problems: list[tuple[str, str]] = []
    try:
        for entry in entries(file):
            found = _judged(entry, wanted, host, level)
            if found is not None:
                result, problem = found
                results.append(result)
                problems += [(problem, entry.source)] if problem else []
    except RecordingError as error:
        results.append(Result(unread=(str(error),)))
    return add(results), problems


def _first_of(sources: list[str]) -> str:
    return f"{sources[0]} and {len(sources) - 1} more" if sources[1:] else sources[0]


def operation_of(
    request: Request, wanted: Iterable[Operation], host: str | None = None
) -> Operation | None:
    """Return the operation that `request` speaks to, if its host matches the glob `host`.

    Of an address that cannot be taken apart, the path is looked for in all of it.
    """
    if not _is_readable(request.url):
        return next((one for one in wanted if one.path in request.url), None)
    named = urlsplit(request.url).netloc.rpartition("@")[2]
    if host is not None and not any(
        fnmatch.fnmatchcase(one, host) for one in (named, named.partition(":")[0])
    ):
        return None
    return routing.operation_of(wanted, request)


def _is_readable(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True
