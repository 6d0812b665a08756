"""Judgement of recorded traffic: both sides of every interaction with our operations.

Each format has a module with `read(path)`, which yields an `Entry` for everything in the file. The
table `FORMATS` finds it by the ending of the file's name; in JSON the content decides. The readers
judge nothing: that is for `judge` alone.
"""

from __future__ import annotations

import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from enkash_contract.contract import routing
from enkash_contract.contract.contract import Contract, bundled
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.errors import RecordingError
from enkash_contract.judging.judge import judge_record
from enkash_contract.judging.result import Result
from enkash_contract.traffic import cassette, har
from enkash_contract.traffic.entry import json_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from enkash_contract.contract.operation import Operation
    from enkash_contract.traffic.entry import Entry
    from enkash_contract.wire.message import Request


def _json(path: Path) -> Iterator[Entry]:
    """Read HAR, or a cassette that was written as JSON."""
    data = json_of(path)
    is_cassette = isinstance(data, dict) and "interactions" in data
    return cassette.entries(data, path) if is_cassette else har.entries(data, path)


FORMATS: dict[str, Callable[[Path], Iterator[Entry]]] = {
    ".har": har.read,
    ".json": _json,
    ".yaml": cassette.read,
    ".yml": cassette.read,
}
"""The reader of each kind of recording, by the ending of the file's name."""


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
    for path in recordings:
        files = _files(Path(path))
        if not files:
            problem = f"the folder {path} holds no recording ({', '.join(FORMATS)})"
            total += Result(unread=(problem,))
        for file in files:
            total += _judge_file(file, wanted, host, level)
    if not total.total and not total.unread:
        paths = ", ".join(operation.path for operation in wanted)
        total += Result(notes=(f"no request to {paths} is recorded there",))
    return total


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = (file for file in path.rglob("*") if file.suffix.lower() in FORMATS)
    return sorted(file for file in files if file.is_file())


def entries(file: Path) -> Iterator[Entry]:
    """Yield an entry for everything in a file, whose format its name states.

    Raises:
        RecordingError: it is no recording, or cannot be read.

    """
    reader = FORMATS.get(file.suffix.lower())
    if reader is None:
        known = ", ".join(FORMATS)
        raise RecordingError(f"{file} is no recording that is read here; those are {known}")
    yield from reader(file)


def judge(
    entry: Entry, wanted: Iterable[Operation], *, host: str | None = None, fail_on: Level = FAIL_ON
) -> Result | None:
    """Judge an entry by the one of the `wanted` operations that it speaks to; None if by none.

    An entry that cannot be read may have been any request, so it is inconclusive.
    """
    if entry.interaction is None:
        note = f"{entry.source} cannot be read: {entry.problem}"
        return Result(verdicts={"inconclusive": 1}, notes=(note,))
    operation = operation_of(entry.interaction.request, wanted, host)
    if operation is None:
        return None
    result = judge_record(operation, entry.interaction, fail_on=fail_on)
    return result + Result(notes=(f"{entry.source}: {entry.problem}",) if entry.problem else ())


def _judge_file(file: Path, wanted: list[Operation], host: str | None, level: Level) -> Result:
    total = Result()
    try:
        for entry in entries(file):
            total += judge(entry, wanted, host=host, fail_on=level) or Result()
    except RecordingError as problem:
        total += Result(unread=(str(problem),))
    return total


def operation_of(
    request: Request, wanted: Iterable[Operation], host: str | None = None
) -> Operation | None:
    """Return the operation that `request` speaks to, if its host matches the glob `host`."""
    named = urlsplit(request.url).netloc.rpartition("@")[2]
    if host is not None and not any(
        fnmatch.fnmatchcase(one, host) for one in (named, named.partition(":")[0])
    ):
        return None
    return routing.operation_of(wanted, request)
