"""Who judges: processes or a cluster, and how many of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from enkash_contract.errors import UsageError
from enkash_contract.traffic.parts import crew
from enkash_contract.traffic.parts.cluster import Cluster
from enkash_contract.traffic.parts.crew import LOCAL
from enkash_contract.traffic.parts.processes import Processes
from enkash_contract.traffic.reading.address import Address


def plus(plan: int, part: int) -> int:
    """Add the plan to a part."""
    return plan + part


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        (False, None),
        (True, LOCAL),
        ("local", LOCAL),
        ("tcp://host:8786", "tcp://host:8786"),
        ("tls://10.0.0.1:8786/", "tls://10.0.0.1:8786/"),
        ("localhost:8786", "tcp://localhost:8786"),
        ("tcp://[::1]:8786", "tcp://[::1]:8786"),
        ("[fe80::1%eth0]:8786", "tcp://[fe80::1%eth0]:8786"),
    ],
)
def test_the_scheduler_that_is_asked_for(given: str | bool | None, expected: str | None) -> None:  # noqa: FBT001 - as users write it
    """Without a protocol it is spoken to by TCP."""
    assert crew.scheduler(given) == expected


@pytest.mark.parametrize(
    "given",
    ["", "host", "tcp://host", "tcp://[::1]", "C:\\8786", "s3://bucket/a", "http://host:8786"],
)
def test_what_is_no_scheduler(given: str) -> None:
    """It is said how one is named."""
    with pytest.raises(UsageError) as raised:
        crew.scheduler(given)
    assert str(raised.value) == (
        f"--dask {given} is no address of a scheduler; name one such as tcp://host:8786, or none "
        "for a cluster of this machine"
    )


def test_how_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """One process alone, or as many as a cluster of this machine can use."""
    assert (crew.number(None, None), crew.number(3, None), crew.number(3, LOCAL)) == (1, 3, 3)
    assert crew.number(None, "tcp://host:8786") == 1
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    assert crew.number(None, LOCAL) == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    assert crew.number(None, LOCAL) == 5
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert crew.number(None, LOCAL) == 1


def test_nobody_says_how_many_others_have() -> None:
    """They are as many as they are."""
    with pytest.raises(UsageError) as raised:
        crew.number(2, "tcp://host:8786")
    assert str(raised.value) == (
        "--workers is for processes of this machine, and tcp://host:8786 has its own; leave one of "
        "the two out"
    )


def test_processes() -> None:
    """What lies elsewhere is read by those that were not forked."""
    here = crew.crew(2, None, plus, 1, [Path("a.har")])
    there = crew.crew(2, None, plus, 1, [Path("a.har"), Address("s3://bucket/a.har")])
    assert isinstance(here, Processes)
    assert isinstance(there, Processes)
    assert there._context.get_start_method() == "spawn"


def test_a_cluster() -> None:
    """Its workers have to see the first file of this machine."""
    own = crew.crew(2, LOCAL, plus, 1, [Address("s3://bucket/a.har")])
    other = crew.crew(1, "tcp://host:8786", plus, 1, [Path("a.har"), Path("b.har")])
    assert isinstance(own, Cluster)
    assert isinstance(other, Cluster)
    assert (own.number, own._scheduler, own._seen) == (2, "", "")
    assert (other._scheduler, other._seen) == ("tcp://host:8786", str(Path("a.har").absolute()))
