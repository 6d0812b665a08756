"""What Hypothesis, IPython and pytest print of the objects of this package."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.vendor.pretty import pretty

import enkash_contract as ec
from enkash_contract.engine.plan import make_plan
from enkash_contract.generation.mutation import mutations
from enkash_contract.wire.printing import SHORT, call, spelled
from tests.support.inner_runs import run

if TYPE_CHECKING:
    from collections.abc import Iterator

UNITS = st.tuples(st.binary(min_size=1, max_size=40), st.integers(1, 2_000))


@given(st.lists(UNITS, max_size=6))
def test_a_body_is_spelled_by_an_expression_for_it(units: list[tuple[bytes, int]]) -> None:
    """Whatever repeats in it."""
    body = b"".join(unit * times for unit, times in units)
    assert eval(spelled(body)) == body  # noqa: S307 - it is our own


def test_a_long_body_is_short_where_it_repeats_itself() -> None:
    """Nested lists and long texts are most of what is long here; other bodies are written out."""
    assert spelled(b"[" * 10_000 + b"]" * 10_000) == "b'' + b'[' * 10000 + b'' + b']' * 10000 + b''"
    assert spelled(b"a" * SHORT) == repr(b"a" * SHORT)
    assert spelled("text") == "'text'"
    assert call("f", b"1", (), None, more="", other=1) == "f(b'1', (), None, other=1)"


def objects() -> Iterator[Any]:
    """Yield one object of each kind that holds a schema, or may hold one that does."""
    contract = ec.load()
    operation = contract.pick()
    result = ec.check_target(ec.Sandbox(defect="request#method/PATCH-taken"))
    (finding,) = result.findings
    yield from (contract, contract.document, operation, operation.request, make_plan())
    interaction = finding.interaction
    assert interaction is not None
    yield from (result, finding, interaction, interaction.request, interaction.response)
    yield from (*operation.rules.values(), *ec.cases(), *ec.answers(), *ec.defects())
    yield from (case.wire for case in ec.cases())
    yield from (*mutations(operation, "request"), *mutations(operation, "response"))
    yield from ec.iter_violations({})


def test_nothing_prints_a_schema() -> None:
    """Neither by its `repr`, nor as Hypothesis prints what a test failed with."""
    long = [each for each in objects() if max(len(repr(each)), len(pretty(each))) > 1_000]
    assert long == []


def test_what_a_request_and_a_response_print_can_be_pasted() -> None:
    """All that they are of is in the text."""
    label = (("Content-Type", "application/json"),)
    for message in (
        ec.Request("POST", "/a", label, b"[1]"),
        ec.Request("GET", "http://h:1/a", (), None, sized=False, unseen="was cut off"),
        ec.Response(200, label, b"{}"),
        ec.Response(204, (), None, unseen="was cut off"),
    ):
        same = eval(pretty(message), {"Request": ec.Request, "Response": ec.Response})  # noqa: S307
        assert same == message
        assert {field.name for field in dataclasses.fields(same)} >= {"headers", "body", "unseen"}


def test_what_may_be_secret_is_not_printed() -> None:
    """Recordings hold secrets in addresses, headers and bodies; the printed text has none."""
    secret = "hunter2-hunter2"
    request = ec.Request(
        "POST",
        f"https://me:{secret}@h/a?key={secret}",
        (("Authorization", f"Bearer {secret}"), ("X-Own", "short"), ("Content-Type", "a/b")),
        b'{"password": "%s", "other": "%s"}' % (secret.encode(), secret.encode()),
    )
    response = ec.Response(200, (("Set-Cookie", "a=b"),), b'{"access_token": "hunter2-hunter2"}')
    text = pretty([request, response])
    for hidden in (secret, "short", "a=b"):
        assert hidden not in text
    assert "'a/b'" in text


@pytest.mark.parametrize("function", ["cases", "answers", "defects"])
def test_pytest_calls_parameters_by_their_ids(function: str, pytester: pytest.Pytester) -> None:
    """A test with such a parameter is run once for each, and each can be chosen by its id."""
    pytester.makepyfile(
        f"""
        import pytest
        import enkash_contract as ec

        @pytest.mark.parametrize("each", ec.{function}()[:3])
        def test_it(each):
            pass
        """
    )
    listed = run(pytester, "--co", "-q").outlines
    ids = [each.id for each in getattr(ec, function)()[:3]]
    assert [line.partition("::")[2] for line in listed if "::" in line] == [
        f"test_it[{name}]" for name in ids
    ]
