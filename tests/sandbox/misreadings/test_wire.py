"""Misreadings of the wire: each reads whatever request comes as another one, or as none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.reading import WIRE
from enkash_contract.generation import suite
from enkash_contract.sandbox.defect_proof import look
from enkash_contract.sandbox.defects import misreadings
from enkash_contract.sandbox.misreadings import wire
from enkash_contract.wire.message import Request
from tests.support.misread import LABEL, VALID, wire_readings
from tests.support.small_documents import PATH

if TYPE_CHECKING:
    from enkash_contract.judging.case import Case

OPERATION = bundled().pick()


def test_the_table_is_complete() -> None:
    """Every rule of the wire can be misread."""
    assert {"method", *WIRE[REQUEST]} <= wire.MISREADINGS.keys()


def test_what_is_refused_already_is_not_refused_twice() -> None:
    """A wrong label with a parameter is one violation of the rule."""
    label = (("Content-Type", "text/plain; x=1"),)
    asked = look(OPERATION, Request("POST", OPERATION.path, label, b"{}"))
    found = misreadings(OPERATION, OPERATION.rules["request#content-type"])
    (reading,) = (one for one in found if one.name == "parameters-refused")
    assert reading.judge(asked) is asked.broken


@pytest.mark.unmeasured
@pytest.mark.parametrize("case", [one for one in suite.cases() if one.polarity == "accept"])
def test_lenient_readings_leave_right_requests_alone(case: Case) -> None:
    """What is taken for another request is still one that breaks nothing, or is refused whole."""
    asked = look(OPERATION, case.request())
    for rule in OPERATION.rules.values():
        if rule.side == REQUEST and not rule.path:
            for reading in misreadings(OPERATION, rule):
                assert {one.rule for one in reading.judge(asked)} <= {rule}, reading.name


@pytest.mark.parametrize("keyword", sorted(wire.MISREADINGS))
@pytest.mark.parametrize(
    "came",
    [
        VALID,
        Request("PATCH", "/other//path/", (), b""),
        Request("POST", PATH, (LABEL,), None),
        Request("POST", PATH, (("content-type", "Text/JSON; x=1"), LABEL), b"[1, {'a': .5}"),
        Request("POST", PATH, (LABEL,), b'\xff\xfe{\x00"\x00'),
        Request("POST", PATH, (LABEL,), b"[" * 10_000),
        Request("POST", PATH, (LABEL,), b'{"a":1,"a":2,"b":"\\ud800"}'),
    ],
)
def test_every_request_is_taken_for_one_or_none(keyword: str, came: Request) -> None:
    """A reading of the wire never fails, whatever comes."""
    taken = [
        one.read_as(came) for one in wire_readings(keyword).values() if one.read_as is not None
    ]
    assert {type(one) for one in taken} <= {Request, type(None)}


@pytest.mark.parametrize(
    ("keyword", "name"),
    [
        (keyword, one.name)
        for keyword in ("path", "content-type-single", "content-type", "json", "encoding", "method")
        for one in wire_readings(keyword).values()
        if one.read_as is not None
    ],
)
def test_each_reading_of_the_wire_changes_or_refuses_its_witness(keyword: str, name: str) -> None:
    """Every witness is taken for something else, and something else is not."""
    reading = wire_readings(keyword)[name]
    assert reading.read_as is not None
    changed = [reading.read_as(one) != one for one in reading.witnesses]

    assert any(changed)
    assert reading.read_as(VALID) == VALID


@pytest.mark.parametrize(
    ("name", "url", "taken"),
    [
        ("trailing-slash-taken", PATH + "//", PATH),
        ("doubled-slash-taken", "//change", PATH),
        ("trailing-slash-taken", PATH + "s", PATH + "s"),
        ("other-case-taken", PATH.swapcase(), PATH),
        ("other-case-taken", PATH + "/", PATH + "/"),
        ("longer-taken", PATH + "s", PATH),
        ("longer-taken", PATH + "/s", PATH),
        ("longer-taken", "/s" + PATH, "/s" + PATH),
    ],
)
def test_what_path_is_taken_for_the_own(name: str, url: str, taken: str) -> None:
    """Spellings of a path that servers take for the same."""
    reading = wire_readings("path")[name]
    assert reading.read_as is not None
    assert reading.read_as(Request("POST", f"http://h{url}")).path == taken  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["first-taken", "last-taken"])
def test_other_labels_are_left_alone(name: str) -> None:
    """Without a label there is none to choose."""
    bare = Request("POST", PATH)
    read_as = wire_readings("content-type-single")[name].read_as
    assert read_as is not None
    assert read_as(bare) is bare
