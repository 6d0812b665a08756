"""Seeded defects: each really is one, by a witness, and what is none is known by name."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pytest

import enkash_contract as ec
from enkash_contract.contract.contract import bundled, load
from enkash_contract.contract.evidence import FAIL_ON, strongest
from enkash_contract.contract.operation import REQUEST
from enkash_contract.errors import UsageError
from enkash_contract.generation import responses, suite
from enkash_contract.sandbox import defects
from enkash_contract.sandbox.app import Sandbox
from enkash_contract.sandbox.defect_proof import look
from enkash_contract.validation.outcome import outcome_of
from enkash_contract.wire.message import Interaction, Request
from tests.support.keyword_cases import KEYWORDS, in_object
from tests.support.second_document import second
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.sandbox.defects import Defect

OPERATION = bundled().pick()


def status(app: Sandbox, request: Request) -> int | None:
    """Return the status with which a request is answered."""
    response = app.answer(request).response
    return None if response is None else response.status


def told_apart(contract: Contract, operation: Operation) -> list[str]:
    """List the misreadings whose witness is not answered otherwise than it should be."""
    right = Sandbox(contract=contract, operation=operation.id, fail_on="assumed")
    baseline = suite.build(operation)[0].request()
    wrong = []
    for rule in operation.rules.values():
        for reading in defects.misreadings(operation, rule):
            if reading.witness is not None:
                defect = f"{rule.id}/{reading.name}"
                app = Sandbox(contract=contract, operation=operation.id, defect=defect)
                same = status(app, baseline) == status(right, baseline)
                if not same or status(app, reading.witness) == status(right, reading.witness):
                    wrong.append(defect)
    return wrong


def test_every_misreading_is_told_apart_by_its_witness() -> None:
    """A sandbox with the defect answers its witness otherwise, and the baseline alike."""
    assert told_apart(bundled(), OPERATION) == []


def test_so_it_is_in_any_document(tmp_path: Path) -> None:
    """Whatever operation, whatever keyword."""
    contract = second(tmp_path)
    assert [told_apart(contract, one) for one in contract.values()] == [[], []]


@pytest.mark.unmeasured
@pytest.mark.parametrize(("schema", "right"), [(one[0], one[1]) for one in KEYWORDS])
def test_so_it_is_with_any_keyword(
    tmp_path: Path, schema: dict[str, object], right: object
) -> None:
    """In a small document of each keyword."""
    contract = small(tmp_path, in_object(schema), example={"it": right})
    assert told_apart(contract, contract.pick()) == []


def test_ids_are_quotable() -> None:
    """Each id is its rule's and a name, without blanks, once only, in the document's order."""
    found = ec.defects()
    ids = [one.id for one in (*found, *defects.variants())]
    ranks = {rule: at for at, rule in enumerate(OPERATION.rules)}
    order = [ranks[one.rule.id] for one in found if one.rule]

    assert len(set(ids)) == len(ids)
    assert [one for one in ids if " " in one] == []
    assert [one.id for one in found if one.rule and not one.id.startswith(f"{one.rule.id}/")] == []
    assert order == sorted(order)
    assert ec.defects() is found


def test_every_rule_has_a_defect() -> None:
    """But for the tolerance of further members of an answer, which nothing can break."""
    known = {one.rule for one in ec.defects()}
    assert [rule.id for rule in OPERATION.rules.values() if rule not in known] == [
        "response.200#additionalProperties",
        "response.4XX#additionalProperties",
    ]


def test_every_rule_of_the_request_is_left_unenforced_and_fails_once() -> None:
    """The plainest defects are there for each rule that a request can break."""
    ids = {one.id for one in ec.defects()}
    breakable = [
        rule.id
        for rule in OPERATION.rules.values()
        if rule.side == REQUEST and rule.keyword != "additionalProperties"
    ]
    assert [one for one in breakable if not {f"{one}/unenforced", f"{one}/crash"} <= ids] == []


def test_refusing_unknown_members_refuses_what_is_put_into_one() -> None:
    """The case of a large body names its own rule, as its text is a member that nobody knows."""
    right = Sandbox(fail_on="assumed")
    app = Sandbox(defect="request#additionalProperties/refused")
    requests = {case.id: case.request() for case in suite.cases()}

    assert [name for name, one in requests.items() if status(app, one) != status(right, one)] == [
        "request#json/one-megabyte",
        "request#additionalProperties/unknown-member",
    ]


LEFT_OUT = {
    # Every required member is empty in no right value.
    "#required": ["empty-value-refused"],
    # The lower bound is 1 and only the examples are known to be right.
    "#minLength": ["bound-refused", "counting-bytes", "counting-utf-16", "trimming"],
    "#minimum": ["bound-refused"],
    "#type": ["beyond-31-bits-refused", "beyond-53-bits-refused", "beyond-63-bits-refused"],
    # A set of nearly all characters has the other cases, forms and scripts in it.
    "#pattern": ["ignoring-case", "normalising", "other-digits-taken", "other-letters-taken"],
    # Of letters and digits the right ones are plain; and what the example holds is not refused.
    "/objectId#pattern": [
        "beyond-ascii-refused",
        "beyond-bmp-refused",
        "blank-refused",
        "line-feed-refused",
        "punctuation-refused",
        *(f"u{code}-refused-in-part-1" for code in ("0049", "004e", "0056")),
        *(f"u{code}-refused-in-part-2" for code in ("0030", "0039", "0041", "0061")),
    ],
}
"""What makes no difference in the bundled document, by the end of the rule's id, and why."""


def test_what_makes_no_difference_is_known() -> None:
    """Exactly these misreadings cannot be told from their rule, so no survivor hides here."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in defects.left_out(OPERATION):
        rule, _, name = one.rpartition("/")
        of_object_id = rule.endswith("/objectId#pattern")
        found["/objectId#pattern" if of_object_id else f"#{rule.partition('#')[2]}"].add(name)

    assert {keyword: sorted(names) for keyword, names in found.items()} == {
        keyword: sorted(names) for keyword, names in LEFT_OUT.items()
    }


def test_what_is_left_out_of_one_rule_of_a_kind_is_left_out_of_all() -> None:
    """No rule hides a survivor behind another one's reason."""
    counts = Counter(one.rpartition("/")[2] for one in defects.left_out(OPERATION))
    assert counts["empty-value-refused"] == 18
    assert {counts[one] for one in LEFT_OUT["#minLength"][1:]} == {5}
    assert counts["bound-refused"] == 5 + 2
    assert {counts[one] for one in LEFT_OUT["#type"]} == {2}
    assert {counts[one] for one in LEFT_OUT["#pattern"]} == {4}
    assert {counts[one] for one in LEFT_OUT["/objectId#pattern"]} == {1}


def test_variants_keep_the_contract() -> None:
    """Each answers the whole suite as its expectations ask, where they are well known."""
    for variant in defects.variants():
        app = Sandbox(defect=variant)
        for case in suite.cases():
            if case.evidence.at_least(FAIL_ON):
                request = case.request()
                interaction = Interaction(request, app.answer(request).response)
                wanted = "accepted" if case.polarity == "accept" else "rejected"
                if request.method == OPERATION.method:
                    assert (case.id, outcome_of(OPERATION, interaction)) == (case.id, wanted)


def test_the_variants_beyond_answers() -> None:
    """Weak rules may be left alone, and members that nobody promised to take be refused."""
    names = [one.id for one in defects.variants() if one.answer is None]
    assert names == ["conforming/weak-rules-unenforced", "conforming/unknown-members-refused"]


def test_refusing_members_is_no_variant_where_they_are_promised(tmp_path: Path) -> None:
    """Where it is well known that further members are taken, refusing them is a defect."""
    contract = small(tmp_path, {"type": "object", "additionalProperties": True}, example={})
    names = [one.id for one in defects.variants(contract=contract) if one.answer is None]
    assert names == ["conforming/weak-rules-unenforced"]


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ({"more": {"a": 1, "b": "x"}, "known": "y"}, 400),
        ({"more": {"a": "x"}, "known": 1}, 200),
        ({"more": [], "known": 1}, 400),
    ],
)
def test_a_misreading_looks_where_its_rule_stands(
    tmp_path: Path, body: object, broken: int
) -> None:
    """Of an object with further members only these are looked at, of whatever is there."""
    schema = {
        "type": "object",
        "properties": {
            "known": {"type": "integer"},
            "more": {
                "type": "object",
                "properties": {"a": {}},
                "additionalProperties": {"type": "integer"},
            },
        },
        "required": ["known", "more"],
    }
    contract = small(tmp_path, schema, example={"known": 1, "more": {"b": 1}})
    app = Sandbox(contract=contract, defect="request/more/*#type/unenforced")
    request = Request(
        "POST", "/change", (("Content-Type", "application/json"),), json.dumps(body).encode()
    )
    assert status(app, request) == broken


def described(defect: Defect, operation: Operation, requests: list[Request]) -> object:
    """Return all that a defect is made of; a judge is what it says of the requests."""
    judged = [
        None
        if defect.judge is None
        else [violation.rule.id for violation in defect.judge(look(operation, request))]
        for request in requests
    ]
    answers = [
        None if one is None else (one.id, one.says, one.response, one.delay, one.cut, one.to)
        for one in (defect.failure, defect.answer)
    ]
    rule = None if defect.rule is None else defect.rule.id
    return defect.id, defect.says, rule, judged, answers


def test_a_defect_by_itself_is_that_of_the_list(tmp_path: Path) -> None:
    """Found by its id, in a contract of its own, every one is made of the same."""
    seconds = (second(tmp_path).values() for _ in range(2))
    for pairs in (zip(*seconds, strict=True), [(bundled().pick(), load().pick())]):
        for operation, other in pairs:
            witnesses = [
                candidate.witness
                for rule in operation.rules.values()
                for candidate in defects.misreadings(operation, rule)
                if candidate.witness is not None
            ]
            requests = [suite.build(operation)[0].request(), *witnesses[::50]]
            for defect in defects.every_of(operation):
                alone = defects.find(other, defect.id)
                assert described(alone, other, requests) == described(defect, operation, requests)


@pytest.mark.parametrize(
    "named",
    [
        "request#json/crash",
        "request#json/crash-never",
        "request/b2bIds/buyerB2BId#pattern/unenforced",
        "response.200/payload#type/null",
        "response#status/301-refusing",
        "conforming/weak-rules-unenforced",
        "conforming/unknown-members-refused",
        "conforming/slow",
        "failing/never",
    ],
)
def test_one_defect_is_proven_alone(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """To prove all of them would take many times as long as a sandbox does."""

    def everything(_: Operation) -> None:
        raise AssertionError("every defect is proven to find one")

    monkeypatch.setattr(defects, "of_operation", everything)
    monkeypatch.setattr(responses, "of_operation", everything)
    assert Sandbox(contract=load(), defect=named).defect is not None


@pytest.mark.parametrize("name", ["empty-value-refused", "no-such-name"])
def test_a_misreading_without_a_witness_is_no_defect(name: str) -> None:
    """By itself it is found as little as in the list."""
    with pytest.raises(UsageError):
        Sandbox(defect=f"request/device#required/{name}")


@pytest.mark.parametrize(
    ("named", "hint"),
    [
        (
            "request/b2bIds/buyerB2BId#pattern/unenforcd",
            "did you mean request/b2bIds/buyerB2BId#pattern/unenforced or ",
        ),
        ("conforming/slwo", "did you mean conforming/slow or "),
        ("response.200/payload#type/nul", "did you mean response.200/payload#type/null or "),
        ("§", "`enkash-contract defects` lists them"),
    ],
)
def test_a_defect_that_is_none(named: str, hint: str) -> None:
    """The message names the nearest ones, or says where all are listed."""
    with pytest.raises(UsageError) as raised:
        Sandbox(defect=named)
    assert str(raised.value).startswith(f"changeInvoiceStatus has no defect {named!r}; {hint}")


def test_a_sandbox_with_a_defect_says_so() -> None:
    """By the defect's id, or the defect itself."""
    (defect,) = (one for one in ec.defects() if one.id == "request#json/crash-on-depth")
    assert repr(Sandbox(defect=defect)) == (
        "<Sandbox of changeInvoiceStatus and 9 more with request#json/crash-on-depth>"
    )
    assert repr(defect).startswith("<Defect request#json/crash-on-depth: answers 500 to")


@pytest.mark.parametrize(
    ("defect", "evidence"),
    [
        ("request#type/unenforced", "example"),
        ("request#json/unenforced", "documented"),
        ("request#json/empty-taken", "documented"),
        ("request#json/end-supplied", "documented"),
        # Whoever reads leniently is tolerant, and whoever fails on it is wrong.
        ("request#json/comments-taken", "assumed"),
        ("request#json/rest-overlooked", "assumed"),
        ("request#json/crash-on-byte-order-mark", "sibling"),
        ("request#json/escapes-refused", "documented"),
        ("request#content-type/unenforced", "assumed"),
        ("request#content-type/crash", "sibling"),
        ("request#content-type/capitals-refused", "documented"),
        ("request#encoding/replacing", "assumed"),
        ("request#encoding/crash-on-bad-bytes", "sibling"),
        # Nothing published says how to count, but a page says that characters are counted.
        ("request/b2bIds/buyerB2BId#pattern/counting-utf-16", "assumed"),
        ("request/b2bIds/buyerB2BId#pattern/counting-bytes", "sibling"),
        ("response.200#json/empty", "documented"),
        ("conforming/slow", None),
        ("failing/never", None),
    ],
)
def test_a_defect_is_as_sure_as_its_finding(defect: str, evidence: str | None) -> None:
    """By what is known of receivers, not of senders; nothing is to be found where none is."""
    known = defects.find(OPERATION, defect).evidence(OPERATION)
    assert (None if known is None else str(known.level)) == evidence


@pytest.mark.parametrize(
    "defect",
    [
        "request#type/null-taken",
        "request#json/empty-taken",
        "request#json/comments-taken",
        "request#encoding/crash-on-bad-bytes",
        "request#content-type/text-plain-taken",
        "request/b2bIds/buyerB2BId#pattern/counting-utf-16",
        "request/b2bIds/buyerB2BId#pattern/counting-bytes",
    ],
)
def test_a_run_agrees_with_what_is_listed(defect: str) -> None:
    """The best finding on its rule has the evidence that the list shows."""
    found = defects.find(OPERATION, defect)
    assert found.rule is not None
    result = ec.check_target(Sandbox(defect=found), only=[found.rule.id])
    assert strongest(finding.evidence for finding in result.findings) == found.evidence(OPERATION)
