"""The fixed parts of a module of tests are Python, whatever is put into them."""

from __future__ import annotations

import ast

import pytest

from enkash_contract.report.pytest_module import templates


@pytest.mark.parametrize("kind", templates.EXCHANGE)
def test_every_part_is_python(kind: str) -> None:
    """Put together as for a run, the functions compile, for each kind of target."""
    parts = (
        templates.RESPONSE,
        templates.SEND.format(defaults='method="POST", path=PATH, labels=("application/json",)'),
        templates.EXCHANGE[kind],
        templates.MEDIA_TYPE,
        *templates.HELPERS.values(),
        templates.BASELINE.format(sending='    response = send("{}")'),
        templates.NOTHING_FOUND,
    )
    for part in parts:
        ast.parse(part)


def test_the_kinds_of_targets_are_sent_to_in_three_ways() -> None:
    """An address, and an application of either kind in this process."""
    assert list(templates.EXCHANGE) == ["url", "wsgi", "asgi"]
    assert "httpx.ConnectError" in templates.EXCHANGE["url"]
    assert "httpx.ConnectError" not in templates.EXCHANGE["wsgi"]


@pytest.mark.parametrize("name", templates.HELPERS)
def test_a_helper_is_found_by_the_name_of_its_function(name: str) -> None:
    """Otherwise a test would call what is not in the file."""
    (function,) = ast.parse(templates.HELPERS[name]).body

    assert isinstance(function, ast.FunctionDef)
    assert function.name == name


def test_the_introduction_fills_every_place() -> None:
    """It is one docstring, credentials and all."""
    credentials = templates.CREDENTIALS.format(names="ENKASH_X_KEY")
    text = templates.INTRODUCTION.format(
        target="http://h",
        counts="1 violation",
        operation="o (POST /x)",
        document="openapi/enkash.yaml",
        sha256="0" * 64,
        tested="87 rules: 87 held",
        command="python -m pytest FILE",
        credentials=credentials,
    )
    (docstring,) = ast.parse(text).body

    assert isinstance(docstring, ast.Expr)
    assert "ENKASH_X_KEY." in str(ast.literal_eval(docstring.value))
