"""Fuzzing: what only it finds, told once and small, and no server called wrong that is right."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import enkash_contract as ec
from enkash_contract import clock
from enkash_contract.cli.main import main
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.engine import run
from enkash_contract.engine.fuzzing import fuzzer as fuzzing
from enkash_contract.engine.fuzzing import options
from enkash_contract.engine.fuzzing.options import read_fuzz
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.selection import Selection
from enkash_contract.engine.session import Session
from enkash_contract.engine.transport import client
from enkash_contract.engine.transport.delivery import Delivery
from enkash_contract.errors import UsageError
from enkash_contract.generation import fuzz_ids
from enkash_contract.judging.finding import Finding
from enkash_contract.judging.result import Interrupted, Result
from enkash_contract.place import Place
from enkash_contract.report import About
from enkash_contract.report.build import build
from enkash_contract.report.pytest_module import write
from enkash_contract.sandbox import defects
from enkash_contract.validation.validator import validator
from enkash_contract.wire.message import Interaction, Request, Response
from enkash_contract.wire.strict_json import decode
from tests.support import fuzz_servers
from tests.support.combinations import combined
from tests.support.fuzz_servers import CRASH, REFUSAL
from tests.support.implementations import fastapi_app, wsgi_app
from tests.support.second_document import second
from tests.support.transport import asgi, hang

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from enkash_contract.contract.operation import Operation

TEXTS = ["request/b2bIds/*", "request/invoiceStatus/supplierRemarks#*"]
"""The rules of three texts: a short suite, and something to vary."""

SHORT = "request/invoiceStatus/supplierRemarks#pattern/right/drawn-75725c4a"

Fuzz = Any


@pytest.fixture
def fuzz(tmp_path: Path) -> Fuzz:
    """Return `check_target` that fuzzes and remembers nothing beyond the test."""

    def check(target: Any = None, draws: Any = 100, **more: Any) -> Result:
        options = {"only": TEXTS, "seed": 3, "database": tmp_path / "database", **more}
        return ec.check_target(target, fuzz=draws, **options)

    return check


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shrink little, where it is not about the size of what is found."""
    monkeypatch.setattr(fuzzing, "SHRINKS", 8)


def sent_by_the_suite() -> int:
    """Return how many requests there are before fuzzing: each case, and the baseline thrice."""
    return len(make_plan(Selection(only=TEXTS)).cases) + 3


def found(result: Result) -> list[tuple[str, str, str]]:
    """Return what fuzzing found: check, rule and family."""
    return [(one.check, one.rule, one.family) for one in result.findings if fuzz_ids.name(one.case)]


# Conforming servers


@pytest.mark.unmeasured
@pytest.mark.parametrize(("module", "seed"), combined(("wsgi_app", "fastapi_app"), range(3)))
def test_a_right_server_is_never_called_wrong(module: str, seed: int, fuzz: Fuzz) -> None:
    """Of hand-written servers nothing is found, not even an assumption, whatever the seed."""
    result = fuzz(f"tests.support.implementations.{module}:app", 40, seed=seed)
    assert (result.exit_code, found(result)) == (0, [])
    assert result.notes == (
        f"fuzzing found nothing beyond the suite in 40 draws with seed {seed}; "
        f"--fuzz 40 --seed {seed} repeats it",
    )
    assert result.fuzzed == f"--fuzz 40 --seed {seed}"


@pytest.mark.slow
@pytest.mark.unmeasured
def test_every_rule_is_fuzzed(fuzz: Fuzz) -> None:
    """Without a choice all rules are drawn, and a conforming server keeps them all."""
    result = fuzz("tests.support.implementations.wsgi_app:app", 150, only=())
    assert (result.exit_code, found(result)) == (0, [])
    assert result.total == len(ec.cases())


@pytest.mark.slow
@pytest.mark.unmeasured
@pytest.mark.parametrize("number", range(3))
def test_servers_that_are_right_in_another_way_are_right(
    number: int, fuzz: Fuzz, operation: Operation
) -> None:
    """Refusing by 200 with another code, or with another body, is no failure."""
    variant = defects.variants_of(operation)[number]
    assert found(fuzz(ec.Sandbox(defect=variant.id), 60)) == []


@pytest.mark.slow
@pytest.mark.unmeasured
@pytest.mark.parametrize("number", [0, 1])
def test_another_document_is_fuzzed_too(number: int, fuzz: Fuzz, tmp_path: Path) -> None:
    """Lists, alternatives and members that may be absent are drawn as well."""
    contract = second(tmp_path)
    name = list(contract)[number]
    target = ec.Sandbox(contract=contract, operation=name)
    result = fuzz(target, 40, contract=contract, operation=name, only=())
    assert [one for one in result.violations if fuzz_ids.name(one.case)] == []


@pytest.mark.slow
@pytest.mark.unmeasured
@pytest.mark.parametrize("defect", ["unanchored-end", "pattern/crash", "required/unenforced"])
def test_what_the_suite_told_is_not_told_again(
    defect: str, fuzz: Fuzz, operation: Operation
) -> None:
    """A seeded defect is found by the suite; fuzzing adds nothing of that rule and family."""
    ids = [one.id for one in defects.of_operation(operation)]
    chosen = next(one for one in ids if one.startswith(TEXTS[0][:-1]) and defect in one)
    sandbox = ec.Sandbox(defect=chosen)
    without = ec.check_target(sandbox, only=TEXTS)
    result = fuzz(sandbox, 100)
    known = {(one.check, one.rule, one.family) for one in without.findings}
    plain = {(check, rule, fuzz_ids.plain(family)) for check, rule, family in found(result)}
    assert plain & known == set()
    assert {one.fingerprint for one in without.findings} <= {
        one.fingerprint for one in result.findings
    }


def test_a_server_that_accepts_everything_is_told_once(fuzz: Fuzz) -> None:
    """Each rule and family is told by the suite; fuzzing has nothing to add."""
    target = "tests.support.implementations.wsgi_app:all_success"
    assert fuzz(target, 60).findings == ec.check_target(target, only=TEXTS).findings


# What only fuzzing finds


def test_a_crash_is_found_and_made_small(fuzz: Fuzz) -> None:
    """Two characters in one member: nothing else is left of what was drawn."""
    result = fuzz(fuzz_servers.short_crashes)
    (told,) = (one for one in result.findings if fuzz_ids.name(one.case))
    assert (told.check, told.rule, told.family, told.case, told.severity) == (
        "not_a_server_error",
        "request/invoiceStatus/supplierRemarks#pattern",
        "pattern/right/drawn",
        SHORT,
        "violation",
    )
    assert told.message == 'answered 500: /invoiceStatus/supplierRemarks is "00"'
    assert told.interaction is not None
    payload = decode(told.interaction.request.body or b"")[0]
    assert payload["invoiceStatus"].pop("supplierRemarks") == "00"
    whole = decode(ec.cases()[0].wire.body)[0]
    del whole["invoiceStatus"]["supplierRemarks"]
    assert payload == whole
    assert result.count("violation") == 1
    assert result.exit_code == 1
    assert result.tallies[told.rule, "accept"].exercised > result.tallies[told.rule, "accept"].held


def test_a_refusal_of_what_is_right_is_found(fuzz: Fuzz) -> None:
    """Where other values of the member are accepted, refusing one needs a reason that is known."""
    result = fuzz(fuzz_servers.short_refused, 100)
    (told,) = (one for one in result.findings if fuzz_ids.name(one.case))
    assert (told.check, told.case, str(told.evidence)) == (
        "positive_data_acceptance",
        SHORT,
        "sibling (api-18788128, read 2026-11-22)",
    )
    assert told.message == (
        'rejected, although it keeps every rule: /invoiceStatus/supplierRemarks is "00"; the '
        'response was {"payload":"no","response_code":1,"response_message":"FAILE…'
    )


@pytest.mark.usefixtures("hurried")
def test_a_refusal_is_told_once_another_value_was_accepted(fuzz: Fuzz) -> None:
    """Whether the target insists on its own value may only be known after the refusal."""
    # What comes first is refused for good, what comes later is accepted.
    left, early = [sent_by_the_suite()], set[str]()

    def peculiar(_: bytes, payload: Any) -> str | None:
        left[0] -= 1
        text = fuzz_servers.get(payload, "invoiceStatus", "supplierRemarks")
        right = isinstance(text, str) and wsgi_app.B2B_ID.fullmatch(text)
        if left[0] < 0 and not early and right and text != fuzz_servers.remarks(base):
            early.add(text)
        return REFUSAL if isinstance(text, str) and text in early else None

    base = decode(ec.cases()[0].wire.body)[0]
    result = fuzz(fuzz_servers.create(peculiar), 100)
    (told,) = (one for one in result.findings if fuzz_ids.name(one.case))
    assert (told.check, told.rule) == (
        "positive_data_acceptance",
        "request/invoiceStatus/supplierRemarks#pattern",
    )


@pytest.mark.usefixtures("hurried")
def test_an_acceptance_that_takes_a_right_value_beside_it_is_found(fuzz: Fuzz) -> None:
    """What is let through each time is told of the rule that is broken."""
    only = ["request/b2bIds/buyerB2BId#type", "request/invoiceStatus/supplierRemarks#pattern"]
    result = fuzz(fuzz_servers.anything_beside_short, 100, only=only)
    told = [one for one in result.findings if fuzz_ids.name(one.case)]
    assert {one.check for one in told} == {"negative_data_rejection"}
    assert any(one.rule.startswith("request/b2bIds/") for one in told)
    assert not any("not again" in one.message for one in told)


@pytest.mark.slow
@pytest.mark.unmeasured
@pytest.mark.usefixtures("hurried")
def test_values_refused_together_are_an_assumption(fuzz: Fuzz) -> None:
    """The document does not say how values relate, so a server may have its reasons."""
    result = fuzz(fuzz_servers.alike_refused, 300)
    told = [one for one in result.findings if fuzz_ids.name(one.case)]
    assert [(one.rule, one.family, one.severity) for one in told] == [
        ("request#type", "type/right/drawn", "assumption")
    ]
    assert result.exit_code == 0


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("create", "draws", "name"),
    [
        (lambda: fuzz_servers.two_wrong_crash, 100, fuzz_ids.TWO),
        pytest.param(fuzz_servers.twice_crashes, 200, fuzz_ids.TWICE, marks=pytest.mark.slow),
        (fuzz_servers.race_crashes, 100, fuzz_ids.TOGETHER),
    ],
    ids=["two-at-once", "twice", "at-the-same-time"],
)
def test_what_takes_two_changes_is_told_once(
    create: Callable[[], Any], draws: int, name: str, fuzz: Fuzz
) -> None:
    """A crash that neither change causes by itself is told for its manner, not for each rule."""
    result = fuzz(create(), draws)
    told = Counter(found(result))
    assert told["not_a_server_error", "request#type", f"type/{name}/drawn"] == 1
    assert {rule for _, rule, _ in told} == {"request#type"}
    assert max(told.values()) == 1


@pytest.mark.usefixtures("hurried")
def test_what_is_accepted_after_another_is_found(fuzz: Fuzz) -> None:
    """That a wrong request is let through because of the one before is told, where that is sure."""
    result = fuzz(fuzz_servers.second_is_not_looked_at(), 100)
    told = [one for one in result.findings if fuzz_ids.name(one.case)]
    assert {one.check for one in told} == {"negative_data_rejection"}
    assert (told[0].check, "request#type", "type/after-another/drawn") in found(result)
    assert {one.rule for one in told} == {"request#type"}
    assert {one.severity for one in told} == {"violation"}


@pytest.mark.usefixtures("hurried")
def test_a_crash_by_chance_is_of_no_request(fuzz: Fuzz) -> None:
    """What does not come again is no finding of a rule or of a history, but of the status."""
    is_varied = lambda payload: fuzz_servers.own(payload)[0] != fuzz_servers.OWN[0]  # noqa: E731
    crashing = fuzz_servers.every_nth_crashes(31, is_varied)
    result = fuzz(crashing, 60, only=["request/b2bIds/buyerB2BId#pattern"])
    assert found(result) == []
    (crash,) = result.violations
    assert (crash.rule, crash.family, crash.case) == ("response#status", "", "")
    assert "responses were 500; no request causes it" in crash.message


@pytest.mark.usefixtures("hurried")
def test_a_refusal_by_chance_is_not_told(fuzz: Fuzz) -> None:
    """A right request that is accepted the second time is right."""
    refused: set[bytes] = set()

    def peculiar(raw: bytes, payload: Any) -> str | None:
        new = fuzz_servers.is_short(payload) and raw not in refused
        refused.add(raw)
        return REFUSAL if new else None

    result = fuzz(fuzz_servers.create(peculiar, of_right=True), 100, only=TEXTS[1:])
    assert found(result) == []
    assert "changed when sent again" in " ".join(result.notes)


@pytest.mark.unmeasured
@pytest.mark.usefixtures("hurried")
def test_two_failures_are_told_each_by_itself(fuzz: Fuzz) -> None:
    """What was told does not stand in the way of what is found later."""

    def peculiar(_: bytes, payload: Any) -> str | None:
        ids = [fuzz_servers.get(payload, "b2bIds", f"{who}B2BId") for who in ("buyer", "supplier")]
        odd = any(isinstance(one, str) and 2 <= len(one) < 9 for one in ids)
        return CRASH if odd or fuzz_servers.is_short(payload) else None

    result = fuzz(fuzz_servers.create(peculiar), 100)
    crashes = [rule for check, rule, _ in found(result) if check == "not_a_server_error"]
    assert {
        "request/b2bIds/buyerB2BId#pattern",
        "request/b2bIds/supplierB2BId#pattern",
        "request/invoiceStatus/supplierRemarks#pattern",
    } <= set(crashes)
    assert max(Counter(found(result)).values()) == 1


# Only right requests, or only wrong ones


@pytest.mark.parametrize("polarity", ["reject", "accept"])
def test_a_polarity_is_kept(polarity: str, fuzz: Fuzz, operation: Operation) -> None:
    """Nothing right but the baseline, or nothing wrong, reaches the target."""
    right: set[bytes] = set()
    wrong: set[bytes] = set()

    def peculiar(raw: bytes, _: Any) -> None:
        faulty = list(validator(operation).of_bytes(raw))
        (wrong if faulty else right).add(raw)

    # Of these rules, what is wrong is so in the body.
    fuzz(fuzz_servers.create(peculiar), 60, polarity=polarity)
    sides = {"reject": (len(right) == 1, len(wrong) > 40), "accept": (len(right) > 40, not wrong)}
    assert sides[polarity] == (True, True)


def test_when_every_member_is_insisted_on_there_is_no_more_to_draw(fuzz: Fuzz) -> None:
    """Of right requests alone nothing is left, and the run ends before its time."""
    sent: list[bytes] = []

    def peculiar(raw: bytes, payload: Any) -> str | None:
        sent.append(raw)
        return None if fuzz_servers.own(payload) == fuzz_servers.OWN else REFUSAL

    result = fuzz(
        fuzz_servers.create(peculiar),
        100_000,
        polarity="accept",
        only=["request/b2bIds/buyerB2BId#pattern"],
    )
    assert found(result) == []
    assert len(sent) < 1_000
    assert result.notes[-1].startswith("the target accepted no other valid value than ")


# Who knows only its own invoice


@pytest.mark.slow
@pytest.mark.unmeasured
def test_a_sandbox_that_knows_one_invoice_is_not_accused(payload: Any, fuzz: Fuzz) -> None:
    """It refuses every other buyer, which proves nothing: the note says what to do."""
    result = fuzz(fuzz_servers.one_invoice, 200, base=payload, only=["request/*Id#pattern"])
    assert found(result) == []
    buyer, invoice = fuzz_servers.own(payload)
    assert [note.partition("; pin them: ")[2] for note in result.notes] == [
        "",
        f"--pin /b2bIds/buyerB2BId={buyer} --pin /invoiceStatus/objectId={invoice}",
    ]


def test_what_is_pinned_is_never_varied(payload: Any, fuzz: Fuzz) -> None:
    """With pins there is nothing to note, and right and wrong requests keep what is pinned."""
    seen: list[bytes] = []
    target = fuzz_servers.create(lambda raw, _: seen.append(raw))
    pins = {"/b2bIds/buyerB2BId": "KNOWN", "/invoiceStatus/objectId": f"INV{'7' * 32}"}
    result = fuzz(target, 200, base=payload, pins=pins, only=["request/invoiceStatus/supplier*"])
    assert (found(result), len(result.notes)) == ([], 1)
    payloads = [decode(raw)[0] for raw in seen]
    assert {fuzz_servers.own(one) for one in payloads} == {tuple(pins.values())}
    assert len({fuzz_servers.remarks(one) for one in payloads}) > 20


@pytest.mark.unmeasured
def test_a_member_that_is_insisted_on_is_left_alone(fuzz: Fuzz) -> None:
    """After a few refusals the rest is varied without it, so that something is seen of the rest."""
    seen: list[tuple[Any, Any]] = []

    def peculiar(_: bytes, payload: Any) -> str | None:
        seen.append(fuzz_servers.own(payload))
        return None if fuzz_servers.own(payload)[0] == "BUYER-0001" else REFUSAL

    fuzz(fuzz_servers.create(peculiar, of_right=True), 250, only=["request/b2bIds/*#pattern"])
    assert {buyer for buyer, _ in seen[-20:]} == {"BUYER-0001"}
    assert len({buyer for buyer, _ in seen}) > 3


@pytest.mark.unmeasured
def test_a_base_that_breaks_an_assumption_is_fuzzed(payload: Any, fuzz: Fuzz) -> None:
    """What the user vouches for is no concern of what is derived from it."""
    payload["invoiceStatus"]["objectVersion"]["newVersion"] = 0
    result = fuzz(ec.Sandbox(), 60, base=payload, only=["request/invoiceStatus/*"])
    assert found(result) == []
    assert result.notes[0].startswith("fuzzing found nothing beyond the suite in 60 draws")


# The seed, the database, the time


@pytest.mark.slow
@pytest.mark.unmeasured
@pytest.mark.usefixtures("hurried")
def test_the_seed_reproduces_the_run(tmp_path: Path, fuzz: Fuzz) -> None:
    """The same seed finds the same, byte by byte; a full database takes nothing away."""
    runs = [
        fuzz(fuzz_servers.short_crashes, 40, database=tmp_path / name)
        for name in ("one", "two", "two")
    ]
    assert found(runs[0])
    assert runs[0] == runs[1]
    assert found(runs[2]) == found(runs[0])


@pytest.mark.usefixtures("hurried")
def test_what_was_found_is_tried_again(tmp_path: Path, fuzz: Fuzz) -> None:
    """The database brings back what one draw would hardly find; what is mended is forgotten."""
    mended = [False]

    def peculiar(_: bytes, payload: Any) -> str | None:
        return CRASH if fuzz_servers.is_short(payload) and not mended[0] else None

    target = fuzz_servers.create(peculiar)
    assert len(found(fuzz(target))) == 1
    assert len(found(fuzz(target, 1, seed=1))) == 1
    assert found(fuzz(target, 1, seed=1, database=tmp_path / "other")) == []
    # Another target has a memory of its own, and changes nothing of this one.
    assert found(fuzz(ec.Sandbox(), 1, seed=1)) == []
    assert len(found(fuzz(target, 1, seed=1))) == 1
    mended[0] = True
    assert found(fuzz(target, 1, seed=1)) == []
    mended[0] = False
    assert found(fuzz(target, 1, seed=1)) == []


def test_without_a_folder_nothing_is_remembered(
    monkeypatch: pytest.MonkeyPatch, fuzz: Fuzz
) -> None:
    """The note says so."""
    monkeypatch.setattr(options, "cache_folder", lambda: None)
    assert fuzz(ec.Sandbox(), 10, database=None).notes[1:] == (
        "what fuzzing finds is not remembered: there is no cache folder to write to",
    )


class Clock:
    """A clock that moves on by a second each time it is read."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> float:
        self.now += 1
        return float(self.now)


def explored(target: Any, wish: str, tmp_path: Path, **more: Any) -> tuple[Result, Any]:
    """Fuzz by hand, with a clock that runs by itself, and return the progress too."""
    made = make_plan(Selection(only=TEXTS))
    asked = read_fuzz(wish, seed=7, database=tmp_path)
    assert asked is not None
    seen: list[tuple[int, int]] = []

    async def work() -> Result:
        async with client.connect(target, made.operation) as http:
            fuzzer = fuzzing.Fuzzer(
                made,
                asked,
                Result(baseline="accepted"),
                "target",
                progress=lambda *both: seen.append(both),
                **more,
            )
            delivery = Delivery(http, made.connection)
            return await fuzzer.explore(Session(dataclasses.replace(made, cases=()), delivery))

    return clock.run_anywhere(work()), seen


def test_time_may_be_over_before_anything_is_drawn(tmp_path: Path) -> None:
    """Then nothing is sent but the baseline, and nothing is found."""
    result, seen = explored(fuzz_servers.short_crashes, "1s", tmp_path, clock=Clock())
    assert (result.findings, seen) == ((), [])
    assert result.notes == (
        "fuzzing found nothing beyond the suite in 0 draws with seed 7; "
        "--fuzz 100 --seed 7 repeats it",
    )


def test_time_ends_a_run(tmp_path: Path) -> None:
    """After so many seconds nothing more is sent; the note says how to draw the same again."""
    result, seen = explored(fuzz_servers.short_crashes, "60s", tmp_path, clock=Clock())
    assert result.fuzzed == "--fuzz 100 --seed 7"
    assert result.notes[0].endswith("with seed 7; --fuzz 100 --seed 7 repeats it")
    before = len(make_plan(Selection(only=TEXTS)).cases)
    done = [one - before for one, _ in seen]
    assert done == sorted(done)
    assert 10 < done[-1] < 60
    assert all(all_of_it >= one for one, all_of_it in seen)


@pytest.mark.usefixtures("hurried")
def test_progress_and_violations_are_told(tmp_path: Path) -> None:
    """In draws, beside the cases of the suite; a new failure is told as it is found."""
    judged: list[Result] = []
    result, seen = explored(fuzz_servers.short_crashes, "100", tmp_path, judged=judged.append)
    before = len(make_plan(Selection(only=TEXTS)).cases)
    assert {total for _, total in seen} == {before + 100}
    assert seen[-1][0] <= before + 100
    assert judged == [Result(verdicts={"violation": 1})]
    assert result.count("violation") == 1


# What cannot be fuzzed


def test_a_refused_baseline_is_not_fuzzed(fuzz: Fuzz) -> None:
    """A target that is down or refuses the credentials is not sent thousands of requests more."""
    result = fuzz("tests.support.implementations.wsgi_app:unauthorised")
    assert result.notes[1:] == ("fuzzing was not begun: the baseline was not accepted",)
    assert (result.exit_code, result.fuzzed) == (3, "")


def test_a_choice_that_leaves_nothing_to_vary_is_told(fuzz: Fuzz) -> None:
    """A case that is right by itself has nothing to draw."""
    only = ["request/b2bIds/buyerB2BId#pattern/longest"]
    result = fuzz(ec.Sandbox(), only=only)
    assert result.notes == ("fuzzing was not begun: --only and --skip leave nothing that can vary",)


def test_what_is_skipped_is_not_drawn(fuzz: Fuzz) -> None:
    """Neither as right nor as wrong, by rule, case or glob."""
    seen: list[bytes] = []
    target = fuzz_servers.create(lambda raw, _: seen.append(raw))
    fuzz(target, 150, only=["request/b2bIds/*"], skip=["*/buyerB2BId#*"])
    buyers = {json.dumps(fuzz_servers.own(decode(raw)[0])[0]) for raw in seen}
    assert buyers <= {'"BUYER-0001"', "null"}


def test_a_small_choice_ends_by_itself(fuzz: Fuzz) -> None:
    """When everything there is was drawn, there is no use in going on."""
    seen: list[bytes] = []
    target = fuzz_servers.create(lambda raw, _: seen.append(raw))
    result = fuzz(target, 100_000, only=["request#method/PUT"])
    assert result.exit_code == 0
    assert len(seen) < 200


@pytest.mark.parametrize(
    ("after", "status", "note"),
    [
        (0, REFUSAL, "the baseline is no longer accepted: the target keeps state"),
        (40, REFUSAL, "fuzzing ended early: the baseline is now rejected"),
    ],
)
def test_a_target_that_keeps_state_is_not_called_wrong(
    after: int, status: str, note: str, fuzz: Fuzz
) -> None:
    """Once the baseline is refused, at the start or later, nothing more is concluded."""
    sent = sent_by_the_suite()
    result = fuzz(fuzz_servers.counting(sent + after, status), 300)
    assert found(result) == []
    assert result.exit_code == 0
    assert note in result.notes[-1]


def test_a_target_that_is_gone_loses_nothing_of_the_suite(fuzz: Fuzz) -> None:
    """What the suite found is told, and why there is no fuzzing."""
    left = [sent_by_the_suite()]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            left[0] -= 1
            if left[0] < 0:
                await hang()
            await asgi(scope, receive, send)

    result = fuzz(app)
    assert result.violations
    assert result.notes[-1] == "fuzzing was not begun: app no whole response came within 10 s"


def test_a_server_that_falls_silent_ends_the_run(fuzz: Fuzz) -> None:
    """Nothing is sent for ever to a server that does not answer."""
    sent = sent_by_the_suite() + 1

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal sent
        if scope["type"] == "http":
            sent -= 1
            if sent < 0:
                await hang()
        await fastapi_app.app(scope, receive, send)

    result = fuzz(app, 300)
    assert result.notes[-1] == "fuzzing ended early: the target no longer responds"
    # While the baseline is not answered either, it is no fault of what was drawn.
    assert found(result) == []


# Interrupted, or broken from outside


def test_ctrl_c_keeps_what_is_known(tmp_path: Path) -> None:
    """What the suite and fuzzing found by then is the result."""
    made = make_plan(Selection(only=TEXTS))
    asked = read_fuzz(500, seed=7, database=tmp_path)
    violations = 0

    def judged(result: Result) -> None:
        nonlocal violations
        violations += result.count("violation")
        if violations:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as caught:
        run.run(made, fuzz_servers.short_crashes, fuzz=asked, judged=judged)
    result = caught.value.result
    assert (result.exit_code, result.baseline) == (130, "accepted")
    assert [check for check, _, _ in found(result)] == ["not_a_server_error"]
    assert result.notes[-1] == "interrupted while fuzzing"
    assert result.count("held") == 1 + len(made.cases)


def test_ctrl_c_ends_the_command(tmp_path: Path) -> None:
    """A signal in the middle of fuzzing prints what is known, and exits with 130."""
    (tmp_path / "slow.py").write_text(
        "import sys, time\n"
        "from tests.support.implementations import wsgi_app\n"
        "count = 0\n"
        "def app(environ, start_response):\n"
        "    global count\n"
        "    count += 1\n"
        "    if count == 60:\n"
        "        print('waiting', file=sys.stderr, flush=True)\n"
        "        time.sleep(60)\n"
        "    return wsgi_app.app(environ, start_response)\n"
    )
    words = ["check", "slow:app", "--only", "request#method", "--timeout", "60", "--fuzz", "60s"]
    command = [sys.executable, "-m", "enkash_contract", *words, "--database", "database"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "", "XDG_CACHE_HOME": str(tmp_path / "cache")},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            assert process.stderr is not None
            # A slow machine has seen a line of the progress before.
            assert "waiting\n" in iter(process.stderr.readline, "")
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130
    assert [line for line in err.splitlines() if not line.startswith("checking: ")] == []
    assert "note: interrupted while fuzzing\n" in out
    assert out.splitlines()[-1].startswith("slow:app: interrupted; 8 checked: 8 held")


def test_a_broken_callback_is_the_callers(fuzz: Fuzz) -> None:
    """It is raised as it is, and not taken for a failure of the target."""

    def progress(done: int, total: int) -> None:
        if total > len(make_plan(Selection(only=TEXTS)).cases):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fuzz(ec.Sandbox(), 20, progress=progress)


def test_a_wish_that_means_nothing_sends_nothing() -> None:
    """It is told before the suite is sent."""
    with pytest.raises(UsageError, match="^fuzzing for 'often' means nothing; "):
        ec.check_target("http://127.0.0.1:1", fuzz="often")


# The command, and what is written


def test_the_command_says_how_to_repeat_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding of an application is shown with a command that finds it again."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", str(tmp_path))
    monkeypatch.setattr(fuzzing, "SHRINKS", 8)
    words = ["check", "tests.support.fuzz_servers:short_crashes", "--only", TEXTS[1]]
    fuzzed = [*words, "--fuzz", "60", "--seed", "7", "--database", "found"]
    done = CliRunner().invoke(main, [*fuzzed, "--full", "--report", "json=r.json"])
    command = (
        "enkash-contract check tests.support.fuzz_servers:short_crashes "
        "--only 'request/invoiceStatus/supplierRemarks#*' --database found --fuzz 60 --seed 7"
    )
    assert done.exit_code == 1
    assert f"    reproduce: {command}\n" in done.stdout
    assert "note: fuzzing found 1 failure beyond the suite in 60 draws with seed 7; " in done.stdout
    report = json.loads((tmp_path / "r.json").read_text())
    (told,) = (one for one in report["findings"] if fuzz_ids.name(one["case"]))
    assert (told["reproduce"], told["family"]) == (command, "pattern/right/drawn")
    assert (tmp_path / "found").is_dir()
    one = CliRunner().invoke(main, [*fuzzed[:2], "--case", "request#method/GET", "--fuzz", "5"])
    assert (one.exit_code, "fuzzing" in one.stdout) == (0, False)
    wrong = CliRunner().invoke(main, ["check", "--fuzz", "often"])
    assert (wrong.exit_code, wrong.stderr) == (
        2,
        "error: fuzzing for 'often' means nothing; write seconds as 30s, "
        "or a number of draws as 500\n",
    )


def test_what_takes_two_requests_is_no_test_in_a_report(operation: Operation) -> None:
    """A single request would pass, and say that the server was mended."""
    request = Request("POST", "http://h", (), b"{}")
    finding = Finding(
        check="not_a_server_error",
        operation=operation.id,
        rule="request#type",
        evidence=Evidence(Level.SIBLING),
        severity="violation",
        message="answered 500",
        document=Place("openapi/enkash.yaml", 1),
        case="request#type/twice/drawn-01234567",
        interaction=Interaction(request, Response(500)),
    )
    stream = io.StringIO()
    about = About(bundled(), operation, "http://h")
    write.write(build(Result((finding,)), about), stream)
    assert "# Not a test: not_a_server_error: answered 500 [request#type, " in stream.getvalue()
    assert "def test_" not in stream.getvalue()
