"""The time of an entry in JSON, decoded alone: a window leaves most of a long recording out."""

from __future__ import annotations

import contextlib

import msgspec

from enkash_contract.traffic.entries.moments import seconds_since_epoch
from enkash_contract.traffic.fast.typed import ABSENT, FAILURES, Absent


class _Har(msgspec.Struct, gc=False, rename="camel"):
    started_date_time: str
    at: Absent = ABSENT


class _Interaction(msgspec.Struct, gc=False, rename="camel"):
    at: str | float
    started_date_time: Absent = ABSENT


_har = msgspec.json.Decoder(_Har).decode
_interaction = msgspec.json.Decoder(_Interaction).decode


def begun(raw: bytes, where: str) -> float | None:
    """Return the seconds since the epoch at which an entry began; None if it is not certain.

    `raw` is its own text, and `where` the path of the list that it was cut out of, if any.
    """
    with contextlib.suppress(*FAILURES):
        return seconds_since_epoch(_har(raw).started_date_time)
    if where:
        return None
    with contextlib.suppress(*FAILURES):
        return seconds_since_epoch(_interaction(raw).at)
    return None
