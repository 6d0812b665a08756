"""Ctrl-C at any point of a run: what is known so far is printed and written, exit 130."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import enkash_contract as ec
from enkash_contract.cli.main import main
from enkash_contract.engine import run
from enkash_contract.engine.plan import EVERY, make_plan
from enkash_contract.engine.selection import Selection
from enkash_contract.engine.transport import client
from enkash_contract.judging.result import Interrupted, Result
from tests.conftest import raw_server
from tests.support.combinations import combined
from tests.support.recorded import entry

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

TOTAL = len(ec.cases())
BODY = b'{"payload":"SUCCESS","response_code":0,"response_message":"SUCCESS"}'

ASGI = f"""
import asyncio, sys, time

count = 0

async def app(scope, receive, send):
    global count
    assert scope["type"] == "http"
    count += 1
    if count > FAST:
        print("waiting", file=sys.stderr, flush=True)
        WAIT
    headers = [(b"content-type", b"application/json")]
    await send({{"type": "http.response.start", "status": 200, "headers": headers}})
    await send({{"type": "http.response.body", "body": {BODY!r}}})
"""

WSGI = f"""
import sys, time

count = 0

def app(environ, start_response):
    global count
    count += 1
    if count > FAST:
        print("waiting", file=sys.stderr, flush=True)
        time.sleep(60)
    start_response("200 OK", [("Content-Type", "application/json")])
    return [{BODY!r}]
"""


@contextlib.contextmanager
def checking(folder: Path, target: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Start a check in `folder` and end it, whatever happens."""
    command = [sys.executable, "-m", "enkash_contract", "check", target, "--full"]
    command += ["--report", "json=r.json"]
    with subprocess.Popen(
        [*command, *words],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def without_progress(err: str) -> str:
    """Return what was complained of, without the lines of a run of more than five seconds."""
    return re.sub("^(checking|judging): .*\n", "", err, flags=re.MULTILINE)


def ended(process: subprocess.Popen[str], folder: Path, target: str, sent: int) -> None:
    """Look at everything that a run leaves behind that was interrupted after so many requests."""
    out, err = process.communicate(timeout=30)
    report = json.loads((folder / "r.json").read_text())
    # After a hundred cases the baseline is sent again, which is none.
    sent -= sent > EVERY
    wrong = [case for case in make_plan().cases[: max(0, sent - 1)] if case.polarity == "reject"]
    # That a wrong request was accepted is told at once, where something may have changed.
    err = without_progress(err)
    err = re.sub("^accepted an invalid request: violation negative_data_rejection .*\n", "", err)
    found = [line for line in out.splitlines() if line.startswith("violation ")]
    cases = report.pop("cases")
    assert (process.returncode, err) == (130, "")
    assert f"{target}: interrupted; {TOTAL} checked: " in out
    assert f"note: interrupted after {sent} of {TOTAL} cases\n" in out
    assert (report["exit"], report["notes"]) == (
        130,
        [f"interrupted after {sent} of {TOTAL} cases"],
    )
    assert cases["inconclusive"] == TOTAL - sent
    assert cases["violations"] == len(found) <= len(wrong)
    assert bool(found) == bool(wrong)


@pytest.mark.parametrize("sent", [0, 1, 150])
def test_a_run_against_an_address(tmp_path: Path, sent: int) -> None:
    """While the baseline is sent, and early, and late: nothing waits for the server that hangs."""
    hanging, over = threading.Event(), threading.Event()
    count = 0

    def answer(connection: socket.socket) -> None:
        nonlocal count
        with connection.makefile("rb") as stream:
            size = 0
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                size = int(value) if name.lower() == b"content-length" else size
            stream.read(size)
        count += 1
        if count > sent:
            hanging.set()
            over.wait(60)
            return
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + BODY)

    with raw_server(answer) as url:
        with checking(tmp_path, url, "--timeout", "60", "--workers", "1") as process:
            assert hanging.wait(30)
            process.send_signal(signal.SIGINT)
            ended(process, tmp_path, url, sent)
        over.set()


APPLICATIONS = {
    "wsgi": (WSGI, 1),
    "asgi": (ASGI.replace("WAIT", "await asyncio.sleep(60)"), 1),
    "asgi-blocking": (ASGI.replace("WAIT", "time.sleep(60)"), 2),
}
"""Applications that hang, each with how often Ctrl-C must be pressed."""


@pytest.mark.parametrize(("name", "sent"), combined(APPLICATIONS, [0, 150]))
def test_a_run_against_an_application(tmp_path: Path, name: str, sent: int) -> None:
    """The same; an application that keeps the event loop to itself takes a second Ctrl-C."""
    source, signals = APPLICATIONS[name]
    (tmp_path / "slow.py").write_text(source.replace("FAST", str(sent)))
    with checking(tmp_path, "slow:app", "--timeout", "60") as process:
        assert process.stderr is not None
        # A slow machine has seen lines of the progress before.
        assert "waiting\n" in iter(process.stderr.readline, "")
        for _ in range(signals):
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.3)
        ended(process, tmp_path, "slow:app", sent)


def children(process: int) -> list[int]:
    """Return the processes that a process has started, as Linux tells them."""
    with contextlib.suppress(OSError):
        return [*map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())]
    return []


def until(is_so: Callable[[], object]) -> None:
    """Wait until something is so, for half a minute at most."""
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def are_gone(processes: list[int]) -> bool:
    """Return whether processes have ended, all of them."""
    return not any(Path(f"/proc/{each}").exists() for each in processes)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells of processes")
@pytest.mark.parametrize(
    ("kill", "number"),
    [(os.killpg, signal.SIGINT), (os.kill, signal.SIGINT), (os.kill, signal.SIGKILL)],
    ids=["ctrl-c", "interrupted", "killed"],
)
def test_workers_of_recordings_end_with_their_command(
    tmp_path: Path, kill: Callable[[int, int], None], number: int
) -> None:
    """Soon, however much they have under way; what was judged by then is told."""
    wrong = entry({"postData": {"text": '{"device": 1}'}}, comment="x" * 900)
    (tmp_path / "a.ndjson").write_bytes(json.dumps(wrong).encode().join([b"\n"] * 50_000))
    command = [sys.executable, "-m", "enkash_contract", "traffic", "a.ndjson", "--workers", "2"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        # One more of them looks after what both have in common.
        until(lambda: len(children(process.pid)) > 2)
        workers = children(process.pid)
        kill(process.pid, number)
        out, err = process.communicate(timeout=30)
    until(lambda: are_gone(workers))
    if number == signal.SIGINT:
        assert (process.returncode, without_progress(err)) == (130, "")
        assert re.search(r"^note: interrupted after [\d,]+ interactions?$", out, re.MULTILINE)
        assert "a.ndjson: interrupted; " in out


def interrupting(at: int) -> Any:
    """Return a callback that presses Ctrl-C when it is told of the exchange with that number."""
    heard: list[Any] = []

    def exchanged(*both: Any) -> None:
        heard.append(both)
        if len(heard) == at:
            raise KeyboardInterrupt

    return exchanged


def test_a_program_is_told_by_the_exception_it_expects() -> None:
    """`KeyboardInterrupt` as ever, with what was known by then."""
    made = ec_plan()
    with pytest.raises(KeyboardInterrupt) as caught:
        run.run(made, exchanged=interrupting(4))
    assert isinstance(caught.value, Interrupted)
    result = caught.value.result
    assert (result.exit_code, result.ok, result.baseline) == (130, False, "accepted")
    assert result.notes == ("interrupted after 3 of 8 cases",)
    # Nothing right was accepted after the refusals, so they prove nothing yet.
    assert result.verdicts == {"held": 1, "inconclusive": 7}
    assert pickle.loads(pickle.dumps(caught.value)).result == result  # noqa: S301 - our own


def test_nothing_is_known_before_a_target_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a client is being made there is no session yet."""

    def pressed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(client, "connect", pressed)
    with pytest.raises(Interrupted) as caught:
        run.run(ec_plan())
    assert caught.value.result == Result(
        verdicts={"inconclusive": 8},
        notes=("interrupted after 0 of 8 cases",),
        interrupted=True,
    )


def test_what_was_confirmed_stays_known() -> None:
    """A refusal that the baseline was accepted after is told; one that was not is not."""
    target = "tests.support.implementations.wsgi_app:bound_refused"
    case = "request/b2bIds/buyerB2BId#pattern/longest"
    # Another value of the member is accepted, so that the rejection is not that of a look-up.
    made = ec_plan(["request/b2bIds/buyerB2BId#type/another", case, f"{case}-in-astral"])
    with pytest.raises(Interrupted) as before:
        run.run(made, target, exchanged=interrupting(7))
    with pytest.raises(Interrupted) as after:
        run.run(made, target, exchanged=interrupting(8))
    assert before.value.result.findings == ()
    assert [one.case for one in after.value.result.findings] == [case]


def ec_plan(only: Any = ("request#method",)) -> Any:
    """Return the plan of a short run."""
    return make_plan(Selection(only=only))


def test_the_command_prints_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a run that is interrupted, the note, the table and the last line are shown as ever."""
    result = Result(verdicts={"held": 1, "inconclusive": 2}, notes=("x",), interrupted=True)

    def interrupted(*_: Any, **__: Any) -> None:
        raise Interrupted(result)

    monkeypatch.setattr(run, "run", interrupted)
    done = CliRunner().invoke(main, ["check"])
    assert (done.exit_code, done.stderr) == (130, "")
    assert done.stdout == (
        "changeInvoiceStatus of the embedded sandbox: 3 interactions in 0.0 s\n"
        "note: x\n"
        "the embedded sandbox: interrupted; 3 checked: 1 held, 0 violations, 0 assumptions, "
        "2 inconclusive\n"
    )
