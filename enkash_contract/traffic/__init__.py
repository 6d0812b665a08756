"""Judgement of recorded traffic: both sides of every interaction with our operations.

A recording passes through the rooms in this order, and only `judging` judges:

- `reading` finds files and undoes what is packed around them, here and at addresses,
- `detection` tells their format, and `cutting` cuts them into interactions,
- `formats` and `gateways` make an `Entry` of each, out of parts in `entries`,
- `walk` leaves alone what is not asked for, and hands the rest to `judging`,
- `counting` adds up what that finds.

`fast` is a short cut for valid interactions, `parts` lets several processes share the work, and
`learning` writes an overlay meanwhile. `recorder` and `redacting` write recordings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract import choice
from enkash_contract.contract.contract import Contract, bundled
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.errors import UsageError
from enkash_contract.traffic.check import Check
from enkash_contract.traffic.detection import entries as entries
from enkash_contract.traffic.directions import directions
from enkash_contract.traffic.judging import Judge
from enkash_contract.traffic.judging import judge as judge
from enkash_contract.traffic.judging import operation_of as operation_of
from enkash_contract.traffic.parts import crew
from enkash_contract.traffic.reading.files import ENDINGS as ENDINGS
from enkash_contract.traffic.reading.files import is_named_as_one as is_named_as_one
from enkash_contract.traffic.singly import Singly as Singly
from enkash_contract.traffic.window import window

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from enkash_contract.judging.result import Result
    from enkash_contract.traffic.formats.format import Format
    from enkash_contract.traffic.learning.file import Learning
    from enkash_contract.traffic.window import Moment


def check_traffic(
    *recordings: str | Path,
    contract: Contract | None = None,
    operation: str | Iterable[str] | None = None,
    host: str | None = None,
    partner_host: str | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    sample: int | None = None,
    lenient: bool = False,
    format: str | None = None,  # noqa: A002 - named as the option is
    profile: str | None = None,
    mapping: Mapping[str, str] | None = None,
    workers: int | None = None,
    dask: str | bool | None = None,
    learn: str | Path | None = None,
    fail_on: Level | str = FAIL_ON,
) -> Result:
    """Judge recorded traffic and return the result.

    Args:
        recordings: files, or folders that are searched for them, also at addresses that fsspec
            knows, such as "s3://bucket/traffic/*.ndjson.gz".
        contract: the contract, by default the bundled one.
        operation: the ids of operations, globs over them or `tag:NAME`, one or several; by default
            all operations of the contract are looked for.
        host: a glob over `host` or `host:port`; by default the operation's path is enough.
        partner_host: a glob as well; of a path that is known in both directions, requests to such
            hosts went to a partner, and all others to EnKash.
        since: judge what was sent at this time or later: a time in ISO 8601, a day, or how long
            ago, such as "24h".
        until: judge what was sent earlier; a day belongs to it.
        sample: judge at most so many interactions, of the same recordings always the same.
        lenient: only note what cannot be read, so that the rest decides.
        format: the name of the format that all recordings are in; by default their content decides.
        profile: the name of a gateway whose logs the recordings are.
        mapping: where logs hold the members of an interaction, each a JSONPath by the name of the
            member: `{"request.url": "$.req.uri"}`. These replace those of the profile.
        workers: judge parts of files in so many processes, by default 1; the result is the same.
        dask: judge these parts on a Dask cluster: that of a scheduler ("tcp://host:8786"), or for
            True one of `workers` processes of this machine, by default one for each processor.
        learn: the new file of an overlay, with what is seen there and no page describes.
        fail_on: the weakest level of evidence at which a finding is a violation.

    What cannot be read and may be ours is named in `Result.unread`; the rest is still judged. Of
    findings that are alike, the first three are kept; their `count` and `Result.number` count all.

    Raises:
        UsageError: an argument is wrong.
        TargetError: no scheduler of Dask is there, or its workers cannot judge.
        MissingPackageError: a package of the extra [dask] is not installed.
        KeyboardInterrupt: on Ctrl-C, as always; its `result` is what was known by then.

    """
    whole = bundled() if contract is None else contract
    wanted = choice.wanted(whole, operation)
    ways = directions(whole, wanted, partner_host)
    judging = Judge(wanted, host, Level.of(fail_on), directions=ways)
    formats = _chosen(format, profile, mapping)
    times = window(since, until)
    for name, number in (("workers", workers), ("sample", sample)):
        if number is not None and number < 1:
            raise UsageError(f"{name} must be a whole number from 1, not {number}")
    scheduler = crew.scheduler(dask)
    processes = crew.number(workers, scheduler)
    learning = _learning(learn, whole)
    check = Check(
        judging,
        times,
        sample,
        lenient=lenient,
        formats=formats,
        workers=processes,
        learned=learning.learned if learning else None,
        dask=scheduler,
    )
    try:
        return check.of(recordings)
    finally:
        if learning:
            learning.write()


def _chosen(
    form: str | None, profile: str | None, mapping: Mapping[str, str] | None
) -> tuple[Format, ...] | None:
    if form is None and profile is None and not mapping:
        return None
    from enkash_contract.traffic.gateways.profiles import chosen

    return chosen(form, profile, mapping)


def _learning(path: str | Path | None, contract: Contract) -> Learning | None:
    if path is None:
        return None
    from enkash_contract.traffic.learning.file import Learning

    return Learning(path, contract)
