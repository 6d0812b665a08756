"""Waivers in a pytest run: waived findings are expected, and needless waivers fail the run."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.support.inner_runs import CLIENT, LAX, run, run_apart
from tests.support.paths import RECORDINGS

BUYER = "request/b2bIds/buyerB2BId"
SUPPLIER = "request/b2bIds/supplierB2BId"
REQUIRED = f"enkash contract::{BUYER}#required [reject]"


def agreed(pytester: pytest.Pytester, *tables: str, name: str = "agreed.toml") -> str:
    """Write a file of waivers, and return the option that names it."""
    text = "timeout = 'of no concern here'\n" + "\n".join(tables)
    (pytester.path / name).write_text(text, encoding="utf-8")
    return f"--enkash-waivers={name}"


def table(rule: str, kind: str = "waiver", until: str = "2999-01-31") -> str:
    """Return a waiver of a rule."""
    return f"[[{kind}]]\nrule = '{rule}'\nreason = 'known, ticket 7'\nuntil = {until}\n"


def summary_lines(result: pytest.RunResult) -> list[str]:
    """Return the lines of the summary."""
    lines = result.outlines
    start = next(at for at, line in enumerate(lines) if "= enkash contract =" in line)
    end = next(at for at, line in enumerate(lines) if at > start and line.startswith("=="))
    return lines[start + 1 : end]


@pytest.mark.unmeasured
@pytest.mark.parametrize("apart", [pytest.param(True, marks=pytest.mark.slow), False])
def test_an_item_that_is_waived_is_expected_to_fail(
    pytester: pytest.Pytester,
    apart: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """The reason is shown; the file holds for workers too, and other items fail as before."""
    pytester.syspathinsert()
    pytester.makepyfile(lax=LAX)
    option = agreed(pytester, table(f"{BUYER}#required"))
    words = ["--enkash-app=lax:app", option, "-rx", "-k", "buyerB2BId and (required or pattern)"]
    words.append("--enkash-report=json=r.json")
    result = run_apart(pytester, *words, "-n2") if apart else run(pytester, *words)
    data = json.loads((pytester.path / "r.json").read_text(encoding="utf-8"))

    outcomes = result.parseoutcomes()
    assert (outcomes["passed"], outcomes["failed"], outcomes["xfailed"]) == (2, 1, 1)
    result.stdout.fnmatch_lines([f"XFAIL *{BUYER}#required [[]reject[]] - waived: known, ticket 7"])
    line, *_ = summary_lines(result)
    assert line.startswith("lax:app: violates the contract; ")
    assert ", 6 waived" in line
    assert (data["exit"], data["cases"]["waived"], data["waivers"]) == (1, 6, [])
    assert {finding["waived"] for finding in data["findings"]} == {"known, ticket 7", None}


def test_waivers_that_are_out_of_date_fail_a_run(pytester: pytest.Pytester) -> None:
    """Those that a complete run did not need do, and those that have expired."""
    pytester.syspathinsert()
    pytester.makepyfile(lax=LAX)
    option = agreed(
        pytester,
        table(f"{BUYER}#required", "check.waiver", "2020-01-31"),
        table(f"{SUPPLIER}#required"),
        table("request#json"),
        table("response#status", "traffic.waiver"),
    )
    words = ["--enkash-app=lax:app", option, "-k"]
    result = run(pytester, *words, "b2bIds and required")
    only = run(pytester, *words, "supplierB2BId and required")

    result.assert_outcomes(passed=5, failed=1, deselected=115)
    assert [line for line in summary_lines(result) if line.startswith("waiver: ")] == [
        f"waiver: agreed.toml:7: the waiver of {SUPPLIER}#required is not needed: nothing of it "
        "was found; remove it, or write [[traffic.waiver]] if only `traffic` finds it",
        f"waiver: agreed.toml:2: the waiver of {BUYER}#required expired on 2020-01-31; mend what "
        "it waives, or agree on another day",
    ]
    assert run(pytester, option, "--co").ret == pytest.ExitCode.NO_TESTS_COLLECTED
    pytester.makepyfile("def test_own(): pass")
    assert run(pytester, option).ret == pytest.ExitCode.OK
    only.assert_outcomes(passed=2, deselected=119)
    assert summary_lines(only)[0].startswith("lax:app: waivers are out of date; ")
    assert only.ret == 1


def test_waivers_of_traffic_hold_for_recordings_and_clients(
    pytester: pytest.Pytester,
) -> None:
    """They hold for recordings, responses that a test judges, and requests to the sandbox."""
    shutil.copy(RECORDINGS / "chromium.har", pytester.path)
    pytester.makepyfile(
        test_it=f"""{CLIENT}
def test_sent(enkash_sandbox):
    post(enkash_sandbox, payload(buyerB2BId=""))

def test_checked(check_enkash, enkash_sandbox):
    check_enkash(post(enkash_sandbox, payload(buyerB2BId="")))
"""
    )
    rules = ("request/*", "request#*", "response*")
    words = ["test_it.py", "chromium.har"]
    before = run(pytester, *words).parseoutcomes()
    waived = run(
        pytester, *words, agreed(pytester, *(table(rule, "traffic.waiver") for rule in rules))
    )
    after = waived.parseoutcomes()

    assert (before["failed"], before["errors"]) == (6, 2)
    assert (after["passed"], after["xfailed"]) == (before["passed"] + 1, 5)
    assert {"failed", "errors"}.isdisjoint(after)
    line, *_ = summary_lines(waived)
    assert "conforms; " in line
    assert ", 9 waived" in line
    assert waived.ret == 0


def test_a_waiver_that_one_kind_of_tests_needs_is_needed(pytester: pytest.Pytester) -> None:
    """A waiver that items need is not needless because clients keep its rule."""
    pytester.syspathinsert()
    pytester.makepyfile(
        lax=LAX, test_it=f"{CLIENT}\ndef test(enkash_sandbox): post(enkash_sandbox, payload())\n"
    )
    option = agreed(pytester, table(f"{BUYER}#required"))
    words = ["--enkash-app=lax:app", option, "-k", "test or buyerB2BId and required"]
    result = run(pytester, *words, "test_it.py")
    alone = run(pytester, option, "test_it.py")

    result.assert_outcomes(passed=2, xfailed=1, deselected=119)
    line, *_ = summary_lines(result)
    assert ", 6 waived" in line
    assert result.ret == 0
    assert summary_lines(alone)[1].startswith(
        f"waiver: agreed.toml:2: the waiver of {BUYER}#required is not needed: "
    )


def test_mistakes_in_a_file_of_waivers_are_reported_at_once(pytester: pytest.Pytester) -> None:
    """Each mistake in a waiver has its line; settings of commands are not checked."""
    cases = {
        "": "ERROR: none.toml: cannot be read: No such file or directory; name another",
        table("request#jsn"): (
            "ERROR: agreed.toml:2: the waiver of request#jsn matches no rule; did you mean "
            "request#json?"
        ),
        "waiver = 5": "ERROR: agreed.toml:2: waiver must be a list of tables; write [[waiver]]",
        "[[check.waiver]]\nrule = 'request#json'\nuntil = 2999-01-31": (
            'ERROR: agreed.toml:2: a waiver without a reason; say why in reason = "…"'
        ),
    }
    cases |= {
        "check = 5": "ERROR: agreed.toml:2: check must be a table; write [check]",
        "env = 5": "ERROR: agreed.toml:2: env must be a table; write [env]",
        "default-env = 5": (
            "ERROR: agreed.toml:2: default-env must be the name of an environment in quotes"
        ),
        "default-env = 'uta'\n[env.uat]": (
            "ERROR: agreed.toml:2: there is no environment 'uta'; did you mean uat?"
        ),
        "default-env = 'uat'\n[env]\nuat = 5": (
            "ERROR: agreed.toml:4: uat must be a table; write [env.uat]"
        ),
    }
    for text, line in cases.items():
        option = agreed(pytester, text) if text else "--enkash-waivers=none.toml"
        result = run(pytester, option)
        assert [text for text in result.errlines if text] == [line]
        assert result.ret == 4


def test_waivers_of_the_default_environment_hold_too(pytester: pytest.Pytester) -> None:
    """Those of another environment do not."""
    pytester.syspathinsert()
    pytester.makepyfile(lax=LAX)
    environments = (
        table(f"{BUYER}#required", "env.uat.waiver"),
        table("request#method", "env.live.waiver"),
    )
    for chosen, expected in (("default-env = 'uat'\n", {"xfailed": 1}), ("", {"failed": 1})):
        option = agreed(pytester, chosen, *environments)
        result = run(pytester, "--enkash-app=lax:app", option, REQUIRED)
        result.assert_outcomes(**expected)
