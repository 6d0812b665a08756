"""Families that break a rule of the wire: bytes, labels, method, path and repeated names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract.keywords import CONSTRAINTS
from enkash_contract.generation.families import reject_wire
from tests.support.families import FORM, VALID, XML, drafts, families_in

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation


def test_every_rule_of_the_wire_can_be_broken(operation: Operation) -> None:
    """Each rule of a request that no schema can say has families that break it."""
    known = {rule.keyword for rule in operation.rules.values() if rule.side == "request"}

    assert set(reject_wire.REJECT) == known - CONSTRAINTS
    assert all(reject_wire.REJECT.values())


def test_what_is_unsettled_stands_in_the_table() -> None:
    """No family is called unsettled that is not used."""
    assert families_in(reject_wire.REJECT) > reject_wire.UNSETTLED
    assert {family.__name__ for family in reject_wire.UNSETTLED} == {
        "byte_order_mark",
        "nested_deeply",
        "other_encodings",
        "lone_surrogates",
        "json_suffix",
        "longer_path",
        "path_in_other_case",
    }


def test_how_the_other_wire_rules_are_broken() -> None:
    """Label, method, path and names are broken one at a time, and all else stays valid."""
    labels = ("text/plain", "application/xml", "application/x-www-form-urlencoded", "text/html")
    methods = ("GET", "PUT", "PATCH", "DELETE", "OPTIONS")

    assert drafts(reject_wire.REJECT, "method") == {
        **{method: VALID.but(method=method) for method in methods},
        **{method: VALID.but(method=method, body=b"", sized=False) for method in ("HEAD", "TRACE")},
    }
    assert drafts(reject_wire.REJECT, "path") == {
        "trailing-slash": VALID.but(path="/v0/change/"),
        "doubled-slash": VALID.but(path="/v0//change"),
        "other-case": VALID.but(path="/V0/CHANGE"),
        "longer": VALID.but(path="/v0/change/x-unknown-member"),
    }
    assert drafts(reject_wire.REJECT, "content-type") == {
        **{
            label.replace("/", "-"): VALID.but(content_type=label)
            for label in (*labels, "application/json-seq")
        },
        "form-body": VALID.but(content_type=labels[2], body=FORM.encode()),
        "xml-body": VALID.but(content_type=labels[1], body=XML.encode()),
        "application-json-suffix": VALID.but(content_type="application/vnd.other+json"),
    }
    assert drafts(reject_wire.REJECT, "content-type-present") == {
        "absent": VALID.but(content_type=None)
    }
    assert drafts(reject_wire.REJECT, "content-type-single") == {
        "same": VALID.but(repeated=("application/json",)),
        "other-second": VALID.but(repeated=("text/plain",)),
    }


def test_another_method_is_never_the_operation_s_own() -> None:
    """An operation by another method than POST is tried by POST, and not by its own."""
    right = VALID.but(method="PUT")
    made = [one.method for family in reject_wire.REJECT["method"] for _, one in family(right, 1)]

    assert made == ["GET", "PATCH", "DELETE", "POST", "OPTIONS", "HEAD", "TRACE"]


def test_a_form_and_xml_hold_the_leaves() -> None:
    """Names have dots where a form nests, and what no encoding takes is replaced."""
    made = drafts(reject_wire.REJECT, "content-type", {"a": {"b": ["x&", None]}, "c": "\ud800"})

    assert {name: made[name].body for name in ("form-body", "xml-body")} == {
        "form-body": b"a.b.0=x%26&a.b.1=None&c=%3F",
        "xml-body": b"<?xml version='1.0'?><change><value>x&amp;</value><value>None</value>"
        b"<value>?</value></change>",
    }
