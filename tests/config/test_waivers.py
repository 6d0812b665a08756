"""Waivers: what they let pass, until when, and that a file of them can only shrink."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import enkash_contract as ec
from enkash_contract.cli.main import main
from enkash_contract.config import waivers
from enkash_contract.config.waiver import Waiver
from enkash_contract.contract import contract
from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.generation import suite
from enkash_contract.judging import checks
from enkash_contract.judging.finding import Finding, fingerprint
from enkash_contract.judging.result import Result, Tally
from enkash_contract.place import Place
from enkash_contract.wire.message import Interaction, Request, Response
from tests.judging.test_result import results
from tests.support.paths import RECORDINGS
from tests.support.typed_commands import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.finding import Severity

    Write = Callable[[str], Path]

TODAY = dt.date(2027, 1, 31)
PLACE = Place("c.toml", 3)
RULE = "request/b2bIds/buyerB2BId#pattern"
TARGET = "tests.support.implementations.wsgi_app:bound_refused"


def waiver(rule: str = "", mark: str = "", until: dt.date = TODAY) -> Waiver:
    """Return a waiver, of everything unless told."""
    return Waiver(rule or ("" if mark else "*"), mark, "known, ticket 7", until, PLACE)


def finding(rule: str = RULE, severity: Severity = "violation", **more: Any) -> Finding:
    """Return a finding on `rule`."""
    known: dict[str, Any] = {
        "check": checks.NEGATIVE,
        "operation": "changeInvoiceStatus",
        "evidence": Evidence(Level.SIBLING),
        "message": "accepted",
        "document": Place("openapi/enkash.yaml", 1),
        "case": f"{rule}/x",
        "source": "http://h",
    }
    return Finding(rule=rule, severity=severity, **(known | more))


def whole_run(operation: Operation, *without: str) -> Result:
    """Return what comes of a run in which all holds and the cases `without` were not sent."""
    tallies: dict[tuple[str, str], Tally] = {
        (rule.id, "accept"): Tally(1, 1)
        for rule in operation.rules.values()
        if rule.side == "request"
    }
    sent = [case for case in suite.build(operation) if case.id not in without]
    for case in sent[1:]:
        key = (case.rule.id, case.polarity)
        tallies[key] = tallies.get(key, Tally()) + Tally(1, 1)
    return Result((), {"held": len(sent)}, tallies, "accepted")


# What is waived


def test_a_waived_finding_fails_nothing(operation: Operation) -> None:
    """It keeps being told, with its reason, and its case is counted apart."""
    found = finding()
    result = Result((found, finding("x")), {"held": 2, "violation": 2}, {}, "accepted")
    applied = waivers.apply(result, [waiver(RULE)], operation, today=TODAY)
    assert applied.findings == (
        Finding(**{**vars(found), "severity": "waived", "reason": "known, ticket 7"}),
        finding("x"),
    )
    assert applied.verdicts == {"held": 2, "violation": 1, "waived": 1}
    assert (applied.waived, applied.violations) == (applied.findings[:1], applied.findings[1:])
    assert (applied.exit_code, applied.total) == (1, 4)
    all_waived = waivers.apply(result, [waiver()], operation, today=TODAY)
    assert (all_waived.exit_code, all_waived.waivers) == (0, ())
    assert all_waived.verdicts == {"held": 2, "violation": 0, "waived": 2}


@pytest.mark.parametrize(
    ("given", "matches"),
    [
        (waiver(RULE), True),
        (waiver("request/b2bIds/*"), True),
        (waiver("request/[ab]2bIds/*#pattern"), True),
        (waiver("request/b2bIds/buyerB2BId"), False),
        (waiver(mark=finding().fingerprint), True),
        (waiver(mark="0123456789ab"), False),
    ],
)
def test_a_waiver_is_of_a_rule_or_of_a_fingerprint(given: Waiver, *, matches: bool) -> None:
    """Ids are ids or globs; a fingerprint is one finding."""
    assert given.matches(finding()) is matches


def test_an_id_is_taken_as_it_stands_first() -> None:
    """A rule whose id would be read as a glob can still be named."""
    assert waiver("a[b]").covers("a[b]")


def test_all_findings_of_a_case_make_its_verdict(operation: Operation) -> None:
    """A case with two findings is waived when both are, and counted once."""
    sent = Interaction(Request("POST", "http://h/"), Response(200))
    two = (finding("a", case="c", interaction=sent), finding("b", case="c", interaction=sent))
    result = Result(two, {"violation": 1}, {}, "accepted")
    counts = [
        waivers.apply(result, given, operation, today=TODAY).verdicts
        for given in ([waiver("a")], [waiver("a"), waiver("b")])
    ]
    assert counts == [{"violation": 1}, {"violation": 0, "waived": 1}]


def test_an_assumption_needs_no_waiver_but_may_have_one(operation: Operation) -> None:
    """It never fails, so it stays what it is; the waiver is in use all the same."""
    result = Result((finding(severity="assumption"),), {"assumption": 1}, {}, "accepted")
    assert waivers.apply(result, [waiver(RULE)], operation, today=TODAY) == result


@given(results(), st.sets(st.sampled_from(["request/b2bIds#type", "x", "*"])))
def test_waiving_changes_nothing_else(result: Result, rules: set[str]) -> None:
    """Cases are neither lost nor made, findings stay in order, and doing it twice is once."""
    operation = contract.bundled().pick()
    given = [waiver(rule) for rule in sorted(rules)]
    applied = waivers.apply(result, given, operation, today=TODAY)
    assert applied.total == result.total
    assert (applied.tallies, applied.baseline) == (result.tallies, result.baseline)
    assert (applied.notes, applied.unread) == (result.notes, result.unread)
    assert [one.fingerprint for one in applied.findings] == [
        one.fingerprint for one in result.findings
    ]
    assert waivers.apply(applied, given, operation, today=TODAY) == applied
    assert waivers.apply(result, [], operation) == result


# What has run out


@pytest.mark.parametrize(
    ("day", "code", "problems"),
    [
        (TODAY, 0, ()),
        (
            TODAY + dt.timedelta(1),
            1,
            (
                f"c.toml:3: the waiver of {RULE} expired on 2027-01-31; mend what it waives, or "
                "agree on another day",
            ),
        ),
    ],
)
def test_an_expired_waiver_waives_nothing(
    day: dt.date, code: int, problems: tuple[str, ...], operation: Operation
) -> None:
    """The last day is the one that is written; after it, the finding is a violation again."""
    result = Result((finding(),), {"violation": 1}, {}, "accepted")
    applied = waivers.apply(result, [waiver(RULE)], operation, today=day)
    assert (applied.exit_code, applied.waivers) == (code, problems)
    assert bool(applied.violations) is bool(problems)


def test_an_expired_waiver_fails_by_itself(operation: Operation) -> None:
    """Even where nothing is found, and where nothing was looked at; today is today."""
    given = [waiver("request#json", until=dt.date(2020, 1, 1)), waiver(until=dt.date(9999, 1, 1))]
    applied = waivers.apply(Result(), given, operation)
    assert applied == Result(
        waivers=("c.toml:3: the waiver of request#json expired on 2020-01-01; remove it",)
    )
    assert (applied.exit_code, repr(applied)) == (1, "<Result exit 1: nothing judged>")


def told(result: Result, given: Waiver, operation: Operation, **more: Any) -> str:
    """Return what is said of a waiver beside its place and subject."""
    said = waivers.apply(result, [given], operation, today=TODAY, **more).waivers
    begin = f"{PLACE}: {given} "
    assert all(one.startswith(begin) for one in said)
    return "".join(one.removeprefix(begin) for one in said)


STALE = (
    "is not needed: nothing of it was found; remove it, or write [[{}.waiver]] if only `{}` finds "
    "it"
)
STALE_IN_RUN, STALE_IN_TRAFFIC = (STALE.format(name, name) for name in ("traffic", "check"))


@pytest.mark.parametrize("rule", list(contract.bundled().pick().rules))
def test_a_waiver_that_a_whole_run_does_not_need_is_told(rule: str, operation: Operation) -> None:
    """Of every rule that cases test or answers show."""
    said = told(whole_run(operation), waiver(rule), operation)
    tested = {case.rule.id for case in suite.build(operation)[1:]}
    shows = operation.rules[rule].side != "request"
    assert said == (STALE_IN_RUN if shows or rule in tested else "")


@pytest.mark.unmeasured
@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.slow), 7])
def test_a_narrowed_run_says_nothing_of_the_rest(operation: Operation, step: int) -> None:
    """Whatever single case is left out, of its rule nothing is known, and of no answer."""
    for case in suite.build(operation)[1::step]:
        part = whole_run(operation, case.id)
        assert told(part, waiver(case.rule.id), operation) == ""
        assert told(part, waiver("*"), operation) == ""
        assert told(part, waiver("response#status"), operation) == ""


@pytest.mark.parametrize("baseline", ["rejected", "error", "unknown"])
def test_a_run_that_concludes_nothing_says_nothing(baseline: str, operation: Operation) -> None:
    """Without an accepted baseline, or with half the cases unclear, nothing is out of date."""
    whole = whole_run(operation)
    refused = Result((), whole.verdicts, whole.tallies, baseline)
    unclear = Result((), {"held": 9, "inconclusive": 900}, whole.tallies, "accepted")
    assert told(refused, waiver(RULE), operation) == ""
    assert told(refused, waiver("response#status"), operation) == ""
    assert told(unclear, waiver("response#status"), operation) == ""


def test_what_is_masked_makes_no_waiver_needless(operation: Operation) -> None:
    """A target that rejects every other value anyway does not show that a rule is kept."""
    whole = whole_run(operation)
    tally = whole.tallies[RULE, "reject"]
    masked = {**whole.tallies, (RULE, "reject"): Tally(tally.exercised, 0, tally.exercised)}
    assert told(whole, waiver(RULE), operation) != ""
    assert told(Result((), whole.verdicts, masked, "accepted"), waiver(RULE), operation) == ""


@pytest.mark.parametrize(
    ("result", "rule", "said"),
    [
        (Result((), {"held": 1}, {(RULE, "accept"): Tally(1, 1)}), RULE, STALE_IN_TRAFFIC),
        (Result((), {"held": 1}, {(RULE, "reject"): Tally(1, 1)}), RULE, STALE_IN_TRAFFIC),
        (Result((), {"held": 1}), RULE, ""),
        (Result((), {"held": 1}), "response#status", STALE_IN_TRAFFIC),
        (Result((), {"inconclusive": 1}), "response#status", ""),
        (Result(), "response#status", ""),
        (Result((), {"held": 1}), "elsewhere", ""),
    ],
)
def test_traffic_that_shows_a_rule_is_enough(
    result: Result, rule: str, said: str, operation: Operation
) -> None:
    """A rule that no recorded request put to the test is not spoken of."""
    assert told(result, waiver(rule), operation) == said


def mark(check: str, rule: str, family: str = "") -> Waiver:
    """Return the waiver of one fingerprint."""
    return waiver(mark=fingerprint("changeInvoiceStatus", check, rule, family))


def test_a_fingerprint_leads_to_its_rule(operation: Operation) -> None:
    """A run speaks of the fingerprints that it could have found, and of those that nothing can."""
    case = next(
        one for one in suite.build(operation) if one.rule.id == RULE and one.polarity == "reject"
    )
    whole, part = whole_run(operation), whole_run(operation, case.id)
    traffic = Result((), {"held": 1}, {(RULE, "reject"): Tally(1, 1)})
    of_case = mark(checks.NEGATIVE, RULE, case.family)
    of_record = mark(checks.REQUEST_SCHEMA, RULE)
    of_answer = mark(checks.STATUS, "response#status")
    gone = mark(checks.NEGATIVE, RULE, "pattern/of-long-ago")
    drawn = mark(checks.SERVER_ERROR, RULE, "pattern/right/drawn")
    drawn_way = mark(checks.NEGATIVE, case.rule.id, f"{case.family}/drawn")
    drawn_answer = mark(checks.STATUS, "response#status", "drawn")
    said = {
        name: [told(one, given, operation) for one in (whole, part, traffic)]
        for name, given in {
            "case": of_case,
            "record": of_record,
            "answer": of_answer,
            "gone": gone,
            "drawn": drawn,
            "drawn-way": drawn_way,
            "drawn-answer": drawn_answer,
        }.items()
    }
    assert said == {
        "case": [STALE_IN_RUN, "", ""],
        "record": ["", "", STALE_IN_TRAFFIC],
        "answer": [STALE_IN_RUN, "", STALE_IN_TRAFFIC],
        "gone": [STALE_IN_RUN, STALE_IN_RUN, STALE_IN_TRAFFIC],
        # What fuzzing found is drawn again, or not: nothing follows from its absence.
        **{name: ["", "", ""] for name in ("drawn", "drawn-way", "drawn-answer")},
    }


def test_a_run_of_other_cases_is_measured_by_them(operation: Operation) -> None:
    """What could have been sent depends on the base and the pins."""
    cases = suite.build(operation)
    fewer = tuple(case for case in cases if case.rule.id != RULE)
    case = next(one for one in cases if one.rule.id == RULE)
    given = mark(checks.NEGATIVE, RULE, case.family)
    assert told(whole_run(operation), given, operation, cases=lambda: fewer) == ""
    assert told(whole_run(operation), waiver(RULE), operation, cases=lambda: fewer) == ""


# The file


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes the configuration of the folder we are in."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def written(text: str) -> Path:
        file = tmp_path / "enkash-contract.toml"
        file.write_text(text, encoding="utf-8")
        return file

    return written


def typed(*words: str) -> tuple[int, str, str]:
    """Type a command; return its exit code, what it prints and what it complains of."""
    result = CliRunner().invoke(main, list(words), env=PLAIN)
    return result.exit_code, result.stdout, result.stderr


WAIVER = "[[{}waiver]]\nrule = '{}'\nreason = ' the bank mends it, ticket 7 '\nuntil = {}\n"


def test_a_check_with_a_waiver_passes(write: Write) -> None:
    """The finding is told with its reason, and counted in the last line and in the report."""
    write(WAIVER.format("", RULE, "9999-12-31"))
    code, out, _ = typed("check", TARGET, "--report", "json=r.json", "--full")
    lines = out.splitlines()
    assert code == 0
    assert lines[1].startswith(f"waived positive_data_acceptance {RULE}/longest rejected, ")
    assert lines[2] == "    because: the bank mends it, ticket 7"
    (verdict,) = [line for line in lines if line.startswith(f"{TARGET}: conforms; ")]
    assert ", 0 violations, " in verdict
    number = json.loads((write("").parent / "r.json").read_text())
    assert f", {number['cases']['waived']} waived" in verdict
    told_once = next(one for one in number["findings"] if one["severity"] != "assumption")
    assert (told_once["severity"], told_once["waived"]) == ("waived", "the bank mends it, ticket 7")
    assert (number["exit"], number["waivers"]) == (0, [])
    assert "waived" not in typed("check", TARGET)[1]


def test_a_check_with_a_waiver_too_many_fails(write: Write) -> None:
    """Each is one line with its place, and the last line says what the matter is."""
    write(
        WAIVER.format("", "request#json", "9999-12-31")
        + WAIVER.format("check.", "request#method", "2020-01-01")
        + WAIVER.format("traffic.", "request#method", "2020-01-01")
        + "[env.uat]\n"
        + WAIVER.format("env.uat.", "request#method", "2020-01-01")
    )
    code, out, _ = typed("check", "--report", "json=r.json")
    problems = [
        f"enkash-contract.toml:1: the waiver of request#json {STALE_IN_RUN}",
        "enkash-contract.toml:5: the waiver of request#method expired on 2020-01-01; remove it",
    ]
    lines = out.splitlines()
    assert code == 1
    assert [line for line in lines if line.startswith("waiver: ")] == [
        f"waiver: {one}" for one in problems
    ]
    assert lines[-1].startswith("the embedded sandbox: waivers are out of date; ")
    assert json.loads((write("").parent / "r.json").read_text())["waivers"] == problems


def test_a_narrowed_check_leaves_waivers_alone(write: Write) -> None:
    """With --only or --skip the rest may be as it was."""
    write(WAIVER.format("", "request#json", "9999-12-31"))
    assert typed("check", "--only", "request#method")[0] == 0
    assert typed("check", "--skip", "request#json/empty*")[0] == 0
    assert typed("check", "--only", "request#json")[0] == 1


@pytest.mark.unmeasured
def test_the_base_of_a_check_is_that_of_its_waivers(write: Write, payload: Any) -> None:
    """Pins and base decide which cases there are."""
    file = write(WAIVER.format("", "request/b2bIds/buyerB2BId#*", "9999-12-31"))
    file.with_name("base.json").write_text(json.dumps(payload))
    words = ["check", "--base", "base.json", "--pin", "/b2bIds/buyerB2BId=7"]
    assert typed(*words)[0] == 1
    assert typed(*words, "--skip", "request/b2bIds/buyerB2BId#*")[0] == 0


def test_traffic_is_waived_too(write: Write) -> None:
    """From both sides, for one operation or for all."""
    file = write(WAIVER.format("", "re*", "9999-12-31"))
    recording = str(RECORDINGS / "chromium.har")
    recording = str((file.parent / recording).resolve())
    for more in ([], ["--operation", "changeInvoiceStatus"]):
        code, out, _ = typed("traffic", recording, *more)
        assert (code, ", 0 violations, " in out, ", 6 waived" in out) == (0, True, True)
    write(WAIVER.format("traffic.", "response.200#json", "9999-12-31"))
    code, out, _ = typed("traffic", recording)
    assert code == 1
    assert (
        f"\nwaiver: enkash-contract.toml:1: the waiver of response.200#json {STALE_IN_TRAFFIC}\n"
        in out
    )
    assert "chromium.har: violates the contract; " in out


@pytest.mark.parametrize("command", [["check"], ["traffic", "no.har"]])
def test_an_unknown_rule_is_told_before_anything_is_done(command: list[str], write: Write) -> None:
    """The nearest rule is named, or how to list them."""
    write(
        WAIVER.format("", "requst#json", "9999-12-31")
        + WAIVER.format("", "zz*", "9999-12-31")
        + WAIVER.format("", "request#json", "9999-12-31")
    )
    assert typed(*command) == (
        2,
        "",
        "error: enkash-contract.toml:1: the waiver of requst#json matches no rule; did you mean "
        "request#json?\n"
        "error: enkash-contract.toml:5: the waiver of zz* matches no rule; "
        "`enkash-contract rules` lists them\n",
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "",
            [
                "1: a waiver with no rule and no fingerprint; write one of the two",
                '1: a waiver without a reason; say why in reason = "…"',
                "1: until is missing; write a day without quotes: until = 2027-01-31",
            ],
        ),
        (
            "rule = 1\nfingerprint = '0123456789a'\nreason = 1\nuntil = '2027-01-31'",
            [
                "1: a waiver with both rule and fingerprint; write one of the two",
                "2: rule must be the id of a rule in quotes, or a glob over ids",
                "3: fingerprint must be the twelve hexadecimal digits at the end of a finding's "
                "line, in quotes",
                '4: a waiver without a reason; say why in reason = "…"',
                "5: until is no date; write a day without quotes: until = 2027-01-31",
            ],
        ),
        (
            "rule = ''\nreason = '''\n '''\nuntil = 2027-01-31T00:00:00",
            [
                "2: rule must be the id of a rule in quotes, or a glob over ids",
                '3: a waiver without a reason; say why in reason = "…"',
                "5: until is no date; write a day without quotes: until = 2027-01-31",
            ],
        ),
        (
            "fingerprint = 123456789012\nreason = 'x'\nuntil = 2027-01-31\nrules = 1\nzz = 1",
            [
                "5: a waiver has no member 'rules'; did you mean rule?",
                "6: a waiver has no member 'zz'; it has rule, operation, fingerprint, reason, "
                "until",
                "2: fingerprint must be the twelve hexadecimal digits at the end of a finding's "
                "line, in quotes",
            ],
        ),
    ],
)
def test_each_mistake_in_a_waiver_is_one_line(text: str, lines: list[str], write: Write) -> None:
    """Whatever the command, all mistakes are told with their lines."""
    write(f"[[waiver]]\n{text}\n")
    assert typed("rules") == (
        2,
        "",
        "".join(f"error: enkash-contract.toml:{line}\n" for line in lines),
    )


@pytest.mark.unmeasured
def test_a_fingerprint_in_the_file_waives_one_finding(write: Write) -> None:
    """The one that was copied from the finding's line."""
    found, *others = ec.check_target(TARGET).violations
    write(f"[[waiver]]\nfingerprint = '{found.fingerprint}'\nreason = 'x'\nuntil = 9999-12-31\n")
    code, out, _ = typed("check", TARGET, "--full")
    assert [line.split()[2] for line in out.splitlines() if line.startswith("waived ")] == [
        found.case
    ]
    assert code == bool(others)
