"""The options of the plugin, and whether they ask for the items of the contract.

This module is loaded with the plugin, so it imports nothing but pytest.
"""

from __future__ import annotations

from typing import Any

import pytest

LEVELS = ("confirmed", "documented", "example", "sibling", "observed", "disputed", "assumed")
"""The levels of evidence by name; a test holds them equal to those of `evidence.Level`."""

MARKER = (
    "enkash(answers=..., expect_violation=..., operation=...): which answers enkash_answer goes "
    'through ("right", "wrong", ids or globs), which rule the requests of the test break on '
    "purpose, and which operation the test is about."
)
"""The line of `pytest --markers`."""


def add(parser: pytest.Parser) -> None:
    """Add the options of the command line and of the ini file."""
    group = parser.getgroup("enkash", "contract of Enkash's invoice API")
    _add_target(group)
    _add_contract(group)
    _add_items(group)
    _add_results(group)
    help_ = "Recordings to judge (.har, .json, .yaml): globs, from the root folder."
    parser.addini("enkash_recordings", help_, type="args", default=[])


def _add_target(group: Any) -> None:
    group.addoption("--enkash-url", metavar="URL", help="Check the implementation at this address.")
    group.addoption(
        "--enkash-app",
        metavar="MODULE:ATTRIBUTE",
        help="Check this ASGI or WSGI application in this process.",
    )
    group.addoption(
        "--enkash-base",
        metavar="FILE",
        help="A JSON payload that the implementation accepts; all cases derive from it. Of several "
        "operations, a folder with <operationId>.json.",
    )


def _add_contract(group: Any) -> None:
    group.addoption(
        "--enkash-fail-on",
        metavar="LEVEL",
        choices=LEVELS,
        default="sibling",
        help="The weakest evidence on which a finding fails: %(choices)s (default: %(default)s).",
    )
    group.addoption(
        "--enkash-overlay",
        metavar="FILE",
        action="append",
        default=[],
        help="Lay an OpenAPI overlay on the bundled document; may be repeated, applied in order.",
    )
    group.addoption(
        "--enkash-operation",
        metavar="ID",
        action="append",
        default=[],
        help="Check this operation, those of a glob, or of tag:TAG; may be repeated.",
    )


def _add_items(group: Any) -> None:
    group.addoption(
        "--enkash",
        action="store_true",
        help="Check the implementation that the fixture enkash_target returns.",
    )
    group.addoption(
        "--enkash-case", metavar="ID", help="Send the baseline and this one case, nothing else."
    )


def _add_results(group: Any) -> None:
    group.addoption(
        "--enkash-report",
        metavar="FORMAT=PATH",
        action="append",
        default=[],
        help="Also write the findings to a file, e.g. json=result.json; may be repeated.",
    )
    group.addoption(
        "--enkash-require-coverage",
        metavar="GLOB=SIDE",
        action="append",
        default=[],
        help="Fail unless these rules are tried: both, accept or reject; may be repeated.",
    )
    group.addoption(
        "--enkash-cassettes",
        action="store_true",
        help="Judge each cassette of vcrpy that a test uses; a violation fails the test.",
    )
    group.addoption(
        "--enkash-partner-host",
        metavar="GLOB",
        help="Recorded requests to such hosts went to a partner, where a path has both directions.",
    )
    group.addoption(
        "--enkash-waivers",
        metavar="FILE",
        help="Waive the findings that the [[waiver]] tables of this configuration file name.",
    )


def refuse_blank(config: pytest.Config) -> None:
    """Refuse a value of nothing but blanks, such as a variable that is not set leaves behind.

    Raises:
        pytest.UsageError: there is one.

    """
    for name, value in vars(config.option).items():
        values = value if isinstance(value, list) else [value]
        if name.startswith("enkash_") and any(
            isinstance(it, str) and not it.strip() for it in values
        ):
            option = f"--{name.replace('_', '-')}"
            raise pytest.UsageError(f"{option} is empty; give it a value, or leave it out")


def ask_for_items(config: pytest.Config) -> bool:
    """Return whether the contract is to be checked, item by item."""
    option = config.option
    return bool(
        option.enkash
        or option.enkash_case is not None
        or (option.enkash_url, option.enkash_app) != (None, None)
        or any(word.startswith("enkash contract") for word in config.args)
    )
