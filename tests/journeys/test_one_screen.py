"""What people read first: one screen, whoever the server is."""

from __future__ import annotations

import re

from tests.support.typed_commands import PLAIN, typed

NARROW = PLAIN | {"COLUMNS": "80"}


def test_the_first_command_fits_one_screen() -> None:
    """At most 24 lines of at most 80 columns, and the assumptions in one of them."""
    lines = typed("check", env=NARROW).stdout.splitlines()

    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert "16 assumed rules not enforced, --assumptions lists them" in lines


def test_remarks_leave_the_screen_as_long_as_it_was() -> None:
    """The more there is to remark, the fewer rows the table has."""
    done = typed("check", "--max-accepted", "90", env=NARROW)

    assert "note: 12 cases that a conforming server accepts were not sent" in done.stdout
    assert len(done.stdout.splitlines()) <= 24


def test_a_lax_server_is_told_in_a_few_sentences() -> None:
    """Of its dozens of findings, in at most sixty lines."""
    target = "tests.support.implementations.fastapi_lax:app"
    done = typed("check", target, env=NARROW)
    lines = done.stdout.splitlines()
    # A sentence may go on in the next line.
    told = re.findall(r"(?m)^(\d+\. .*?):", done.stdout)

    assert done.exit_code == 1
    assert len(lines) <= 60
    assert lines[0].startswith(f"{target}: violates the contract; ")
    assert told == [
        # FastAPI's own page of errors repeats NaN, which its JSON cannot.
        "1. numbers that are not JSON (NaN, 0x1, 01, +1) make the server fail",
        "2. numeric strings are accepted as integers",
        "3. booleans are accepted as integers",
        "4. texts that break the pattern are accepted",
        "5. requests without a required member are accepted",
    ]
    full = typed("check", target, "--full").stdout
    assert len(re.findall(r"(?m)^violation ", full)) > 40
