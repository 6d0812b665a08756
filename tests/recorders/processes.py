"""Starting a recorder's program and ending it with everything it started.

A browser is a family of processes. Each program gets a session of its own, so that one signal
reaches the whole family and no other process.
"""

from __future__ import annotations

import functools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

T = TypeVar("T")
P = ParamSpec("P")


class RecorderError(Exception):
    """A recorder did not do its part; the message says which part."""


def executable(*names: str) -> str:
    """Return the path of the first program of these names that is on PATH."""
    for name in names:
        if path := shutil.which(name):
            return path
    message = f"none of {', '.join(names)} is on PATH; install one to record with it"
    raise RecorderError(message)


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield a new empty folder and remove it afterwards, even while files still appear in it."""
    folder = Path(tempfile.mkdtemp(prefix="recorder-"))
    try:
        yield folder
    finally:
        deadline = time.monotonic() + 5
        while folder.exists() and time.monotonic() < deadline:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(command: Sequence[str], folder: Path) -> Iterator[Path]:
    """Run the command, yield the file of its output; end it and all its children afterwards.

    It is made to believe that `folder` is the user's home and the place for temporary files.
    """
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(folder),
            start_new_session=True,
        )
        try:
            yield log
        finally:
            _end(process)


def run(
    command: Sequence[str],
    folder: Path,
    given: str = "",
    *,
    statuses: Sequence[int] = (0,),
    variables: Mapping[str, str] | None = None,
) -> str:
    """Run the command in `folder` to its end, with `given` as its input; return its output.

    Raises:
        RecorderError: it ended with none of these statuses; the message has the end of its output.

    """
    ended = subprocess.run(
        command,
        input=given,
        cwd=folder,
        env=_environment(folder) | dict(variables or {}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if ended.returncode not in statuses:
        output = (ended.stdout + ended.stderr)[-2000:]
        message = f"{command[0]} ended with {ended.returncode}: {output}"
        raise RecorderError(message)
    return ended.stdout


def _environment(folder: Path) -> dict[str, str]:
    places = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    return {**os.environ, **dict.fromkeys(places, str(folder)), "PYTHONUNBUFFERED": "1"}


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        deadline = time.monotonic() + 5
        while _family_lives(process) and time.monotonic() < deadline:
            time.sleep(0.02)


def _family_lives(process: subprocess.Popen[bytes]) -> bool:
    process.poll()  # reaps the program itself, which would else count as alive
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(look: Callable[[], T | None], what: str, seconds: float = 15) -> T:
    """Call `look` until it returns something; raise `RecorderError` naming `what` if never."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (found := look()) is not None:
            return found
        time.sleep(0.05)
    message = f"waited {seconds:g} s in vain for {what}"
    raise RecorderError(message)


def persistent(record: Callable[P, None]) -> Callable[P, None]:
    """Record again, with a program started anew, where a busy machine made it miss something.

    A browser's panel now and then attaches a moment after the traffic began, and then never hears
    of all of it. What was recorded is complete or it is not there; the third failure is raised.
    """

    @functools.wraps(record)
    def recorded(*args: P.args, **kwargs: P.kwargs) -> None:
        for _ in range(2):
            with suppress(RecorderError, OSError):
                record(*args, **kwargs)
                return
        record(*args, **kwargs)

    return recorded
