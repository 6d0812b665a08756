"""Help as people read it: in groups, in lines that fit, without colours where nobody sees them."""

from __future__ import annotations

import re

import click
import pytest

from enkash_contract.cli import help_page
from enkash_contract.cli.main import main
from enkash_contract.report import FORMATS
from tests.support.typed_commands import PLAIN, typed

NAMES = ("", *main.commands)


def helped(name: str, *more: str, **env: str) -> str:
    """Return the help of a command; "" is the program."""
    result = typed(*name.split(), *more, "--help", env={**PLAIN, "TERM": "xterm", **env})
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [60, 80])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    """Neither are lines padded with blanks, nor cut."""
    lines = helped(name, COLUMNS=str(width)).splitlines()
    assert max(map(len, lines)) <= width
    assert not [line for line in lines if line != line.rstrip() or "…" in line]


def test_lines_stay_readable_on_a_wide_terminal() -> None:
    """They are not longer than a page; on a terminal too narrow for them they are cut by it."""
    assert max(map(len, helped("check", COLUMNS="300").splitlines())) <= 100
    assert max(map(len, helped("check", COLUMNS="20").splitlines())) > 20


@pytest.mark.parametrize("name", NAMES)
def test_help_is_plain_text_in_a_pipe(name: str) -> None:
    """No colour, no box, and nothing that ASCII lacks."""
    shown = helped(name)
    assert "\x1b" not in shown
    assert shown.isascii()


@pytest.mark.parametrize("name", NAMES)
def test_metavars_say_the_unit(name: str) -> None:
    """None is click's own."""
    shown = helped(name)
    assert not re.search(r"INTEGER|FLOAT|TEXT|RANGE|x>|<=x|BOOLEAN", shown)


def test_colours_are_shown_where_they_are_wanted() -> None:
    """`--color` decides, wherever it stands; NO_COLOR and CI are heard."""
    assert "\x1b[1m" in helped("check", "--color", "always")
    assert "\x1b[1m" in helped("check", "--color", "always", NO_COLOR="1")
    assert "\x1b" not in helped("check", "--color", "never", FORCE_COLOR="1")
    assert "\x1b" not in helped("check", NO_COLOR="1", FORCE_COLOR="1")


def test_reports_are_listed_from_the_table_of_formats() -> None:
    """A new format is in the help at once."""
    words = " ".join(helped("check").split())
    assert f"--report FORMAT=PATH Write a report as well: {', '.join(FORMATS)}." in words


def test_a_command_that_no_table_knows_has_help() -> None:
    """It has no examples, and its options are shown all the same."""
    command = click.Command("new", params=[click.Option(["--odd"], metavar="N", help="Odd.")])
    shown = help_page.rendered(command, click.Context(command), {})
    assert shown.endswith("Other options:\n  --odd N                        Odd.")


def test_the_help_of_a_command_is_one_screen_of_groups() -> None:
    """Usage, purpose, options in groups, examples, exit codes."""
    assert helped("sandbox", COLUMNS="80") == SANDBOX


SANDBOX = """\
Usage: main sandbox [OPTIONS]

Serve a stub that validates requests.
It responds as documented, and remembers nothing. With --deliver-to, it calls a
receiver of webhooks as EnKash does.

How to serve:
  --host ADDRESS                 Listen at this address. [default: 127.0.0.1]
  --port PORT                    The port; 0 takes a free one. [default: 8080]
  --defect ID                    Have this defect, see `defects`.
  --max-body BYTES               Reject a larger body. [default: 1048576]

How to deliver:
  --deliver-to URL               Deliver a webhook after each accepted call.
  --deliver WEBHOOK              Always deliver this webhook.
  --deliver-delay SECONDS        Wait this long after the call. [default: 0.1]
  --deliver-times N              Deliver each N times. [default: 1]
  --deliver-order kept|swapped   As the calls came, or swapped in pairs.
                                 [default: kept]

What to show:
  -q, --quiet                    Log no requests.

Contract and configuration:
  --fail-on LEVEL                The weakest evidence that fails: confirmed,
                                 documented, example, sibling, observed,
                                 disputed, assumed. [default: sibling]
  --operation ID                 An operation, a glob over them, or tag:TAG.
  --overlay FILE                 Lay an OpenAPI overlay on the document.
  --config FILE                  Read options from this file.
  --no-config                    Read no configuration file.
  --env NAME                     Take the options of [env.NAME] in the file.
  --show-config                  Print the options in effect, do nothing.
  -h, --help                     Show this message and exit.

Examples:
  enkash-contract sandbox --port 0
  enkash-contract sandbox --defect request#json/unenforced
  enkash-contract sandbox --deliver-to URL

Exit codes:
    0 stopped by Ctrl-C
    2 wrong use, or the address is taken
"""
