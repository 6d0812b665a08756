"""Answers as an overlay: loadable, observed, without secrets, and weakening nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
import yaml

import enkash_contract as ec
from enkash_contract.contract.document_schema import overlay as overlay_schema
from enkash_contract.contract.questions import of
from enkash_contract.engine.probing.written import host
from enkash_contract.sandbox.server import in_background
from tests.support.answering import server

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.engine.probing.probed import Probed

OPERATION = ec.load().pick()
SECRET = "s3cr3t-t0ken-of-ours"


def written(probed: Probed, folder: Path) -> ec.Contract:
    """Return the contract with the answers laid on it."""
    file = folder / "answers.overlay.yaml"
    file.write_text(probed.overlay(), encoding="utf-8")
    return ec.load(file)


def examples(operation: ec.Operation, *names: str) -> Any:
    """Return the values known to be right for a member."""
    schema: Any = operation.request.schema
    for name in names:
        schema = schema["properties"][name]
    return schema["examples"]


def test_what_was_accepted_is_known_to_be_right(tmp_path: Path) -> None:
    """For the operation that was asked, and for no other with the same members."""
    contract = written(ec.probe(), tmp_path)
    action = ("invoiceStatus", "supplierAction")
    status = ("invoiceStatus", "statusTransition", "newStatus")
    assert examples(contract.pick(), *action) == ["CANCEL", "PAID", "CONFIRM", "REJECT"]
    assert examples(contract.pick(), *status)[:3] == ["CREATED", "PAID", "CANCELLED"]
    webhook = contract["statusChangeInvoiceRequest"]
    assert examples(webhook, *status) == ["CREATED"]
    assert {rule.id: rule.value for rule in contract.pick().rules.values()} == {
        rule.id: rule.value for rule in OPERATION.rules.values()
    }


def test_answers_stand_with_their_questions(tmp_path: Path) -> None:
    """With evidence observed, and a source that says whom, when and how often."""
    probed = ec.probe(questions=["actions", "unknown-members"])
    contract = written(probed, tmp_path)
    (answer,) = (each.answer for each in of(contract.pick()) if each.id == "actions")
    assert answer is not None
    assert answer.says == 'accepted "PAID", "CONFIRM", "REJECT"'
    assert answer.examples == ("PAID", "CONFIRM", "REJECT")
    source = answer.evidence.source
    assert answer.evidence.level is ec.Level.OBSERVED
    assert source is not None
    assert re.fullmatch(r"probe-\d{4}-\d\d-\d\d-[0-9a-f]{12}", source.id)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", source.read)
    assert source.shows == (
        "Answers of the embedded sandbox to 2 questions: 4 requests, 4 of them accepted."
    )
    rule = contract.pick().rules["request#additionalProperties"]
    assert (rule.evidence.level, rule.evidence.source) == (ec.Level.OBSERVED, source)


def test_nothing_is_weakened(tmp_path: Path) -> None:
    """What is known better stays so; that members are rejected changes no rule."""
    strict = ec.probe(ec.Sandbox(defect="conforming/unknown-members-refused"), ["unknown-members"])
    rule = written(strict, tmp_path).pick().rules["request#additionalProperties"]
    assert (rule.value, rule.evidence.level) == (True, ec.Level.ASSUMED)
    known = {name: rule for name, rule in OPERATION.rules.items() if "additional" not in name}
    probed = replace(ec.probe(), operation=replace(OPERATION, rules=known))
    assert "additionalProperties" not in probed.overlay()
    (question,) = (rule for rule in known.values() if rule.id == "request#json")
    assert written(probed, tmp_path).pick().rules["request#json"].evidence == question.evidence


def test_a_value_that_breaks_a_rule_is_no_example() -> None:
    """Version 0 was accepted, and stays invalid."""
    probed = ec.probe(questions=["versions"])
    (answer,) = probed.answers
    assert answer.examples == (2, 3)
    assert "examples" not in probed.overlay()


def test_answers_of_items_reach_into_lists(tmp_path: Path) -> None:
    """A member of an item is asked in the first of them."""
    contract = written(ec.probe(operation="payInvoice", questions=["statuses"]), tmp_path)
    item: Any = contract["payInvoice"].request.schema["properties"]["payment"]
    item = item["properties"]["invoicesPayInfos"]["items"]["properties"]["statusTransition"]
    assert item["properties"]["newStatus"]["examples"][:2] == ["CREATED", "PAID"]


def test_an_overlay_keeps_the_schema_of_overlays() -> None:
    """Editors complete and check it."""
    whole = yaml.safe_load(ec.probe().overlay())
    assert [*jsonschema_rs.Draft202012Validator(overlay_schema()).iter_errors(whole)] == []


def test_an_overlay_holds_nothing_secret() -> None:
    """Neither the address's password, nor a header, nor what the server echoes."""
    echo = {"payload": SECRET, "response_code": 0, "response_message": SECRET, SECRET: 1}
    with in_background(server(lambda _: 200, accepted=echo)) as address:
        target = address.replace("://", f"://user:{SECRET}@") + f"/?key={SECRET}"
        probed = ec.probe(target, ["answer-payload", "actions"], headers={"X-Api-Key": SECRET})
    assert [answer.concluded for answer in probed.answers] == [True, True]
    text = probed.overlay()
    assert SECRET not in text
    assert f"Answers of {address.removeprefix('http://')} to 2 questions" in text


def test_without_an_answer_there_is_nothing_to_write() -> None:
    """An overlay without actions is none."""
    with pytest.raises(ec.UsageError, match="there is no answer to write down; see the note"):
        ec.probe(server(lambda _: 400)).overlay()


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("https://user:pass@uat.example:8443/api?key=1", "uat.example:8443"),
        ("bank.gateway:app", "bank.gateway:app"),
    ],
)
def test_a_target_is_named_by_its_host(target: str, name: str) -> None:
    """An application by where it stands."""
    assert host(target) == name
