"""A result with findings of each kind, as reports are given it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.contract.contract import Contract, bundled
from enkash_contract.contract.evidence import Evidence, Level, Source
from enkash_contract.judging.finding import Finding
from enkash_contract.judging.result import Exercise, Result, Tally
from enkash_contract.place import Place
from enkash_contract.report import About
from enkash_contract.wire.message import Interaction, Request, Response

if TYPE_CHECKING:
    from enkash_contract.judging.finding import Severity


PLACE = Place("openapi/enkash.yaml", 227)


NOTE = "a [note] longer than the terminal is wide" + ", which is not broken" * 4


PAGE = Source("api-10664764", "what", "2026-11-22")


def finding(severity: Severity = "violation", **changes: Any) -> Finding:
    """Return a finding on a case, with some members changed."""
    request = Request("POST", "http://h/x", (("Content-Type", "application/json"),), b"{}")
    members: dict[str, Any] = {
        "check": "negative_data_rejection",
        "operation": "changeInvoiceStatus",
        "rule": "request/b2bIds/buyerB2BId#required",
        "evidence": Evidence(Level.SIBLING, PAGE),
        "severity": severity,
        "message": "accepted, although /b2bIds/buyerB2BId is required, but missing",
        "document": PLACE,
        "pointer": "/b2bIds/buyerB2BId",
        "family": "required/removed",
        "case": "request/b2bIds/buyerB2BId#required/removed",
        "source": "http://h",
        "interaction": Interaction(request, Response(200), source="http://h"),
    }
    return Finding(**(members | changes))


PATTERN = "request/b2bIds/buyerB2BId#pattern"


WEAK = finding(
    "assumption",
    evidence=Evidence(Level.ASSUMED),
    rule="response.4XX/payload#required",
    case="",
    family="",
    source="log.har:log.entries[3]",
    message="in the response,\n\x1b[1m it is \ud800",
)


RESULT = Result(
    (WEAK, finding(), finding(), finding(case="request#json/empty", message="[bold]other[/bold]")),
    {"held": 5, "violation": 3, "assumption": 1, "inconclusive": 2},
    {
        ("request/b2bIds/buyerB2BId#required", "reject"): Tally(4, 3),
        (PATTERN, "reject"): Tally(6, 4, 2, 1),
        (PATTERN, "accept"): Tally(2, 2),
        ("response.4XX/payload#required", "accept"): Tally(0, 0),
    },
    "accepted",
    (NOTE,),
    ("x.har is not HAR",),
    exercises={
        Exercise(
            "changeInvoiceStatus", "request/b2bIds/buyerB2BId#required", "reject", "removed"
        ): (Tally(4, 3)),
        Exercise("changeInvoiceStatus", PATTERN, "reject", "pattern/a"): Tally(5, 4, 1, 0),
        Exercise("changeInvoiceStatus", PATTERN, "reject", "pattern/b"): Tally(1, 0, 1, 1),
        Exercise("changeInvoiceStatus", PATTERN, "accept", "baseline"): Tally(1, 1),
        Exercise("changeInvoiceStatus", PATTERN, "accept", "pattern/c"): Tally(1, 1),
        Exercise("changeInvoiceStatus", "response.4XX"): Tally(3),
        Exercise("changeInvoiceStatus", "", "reject", "held"): Tally(10, 7, 2, 1),
    },
    durations={("changeInvoiceStatus", 1500): 2, ("changeInvoiceStatus", 250): 1},
)


def about(contract: Contract | None = None, **more: Any) -> About:
    """Return what is said beside the result."""
    whole = contract or bundled()
    return About(whole, whole.pick(), "http://h [x]", **more)
