"""The shapes that commands print with `--format json`, each held by a JSON Schema."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

import enkash_contract as ec
from tests.support.typed_commands import said, typed

TEXT = {"type": "string"}
TEXT_OR_NULL = {"type": ["string", "null"]}
COUNT = {"type": "integer", "minimum": 0}


def exactly(**members: Any) -> dict[str, Any]:
    """Return the schema of an object with these members, all of them and no other."""
    return {
        "type": "object",
        "properties": members,
        "required": [*members],
        "additionalProperties": False,
    }


def each(item: dict[str, Any], fewest: int = 0) -> dict[str, Any]:
    """Return the schema of a list."""
    return {"type": "array", "items": item, "minItems": fewest}


EVIDENCE = {
    "type": "object",
    "properties": {
        "level": {"enum": "confirmed documented example sibling observed disputed assumed".split()},
        "source": TEXT_OR_NULL,
        "sources": each(TEXT, 2),
    },
    "required": ["level", "source"],
    "additionalProperties": False,
}
NO_EVIDENCE = {"anyOf": [EVIDENCE, {"type": "null"}]}
PLACE = {"type": "string", "pattern": r":[1-9]\d*$"}

HEAD = {
    "version": {"const": 1},
    "document": exactly(
        sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"}, overlays=each(TEXT)
    ),
    "operation": TEXT,
}
RULE = {
    "id": TEXT,
    "side": {"type": "string", "pattern": r"^(request|response(\.\w+)?)$"},
    "pointer": {"type": "string", "pattern": "^(/|$)"},
    "keyword": TEXT,
    "value": True,
    "demands": TEXT,
    "evidence": EVIDENCE,
    "receiver": NO_EVIDENCE,
    "document": PLACE,
    "note": TEXT_OR_NULL,
}
DEFECT = exactly(
    id=TEXT,
    kind={"enum": ["defect", "conforming", "failing"]},
    rule=TEXT_OR_NULL,
    evidence=NO_EVIDENCE,
    says=TEXT,
)
EXPLAINED = exactly(
    **RULE,
    method=TEXT,
    path=TEXT,
    because=each(exactly(source=TEXT, read=TEXT_OR_NULL, url=TEXT_OR_NULL, shows=TEXT_OR_NULL)),
    twins={"anyOf": [exactly(valid=TEXT, invalid=TEXT), {"type": "null"}]},
    cases=each(
        exactly(id=TEXT, polarity={"enum": ["accept", "reject"]}, evidence=EVIDENCE, says=TEXT)
    ),
)
FINDING = exactly(
    file=TEXT,
    line={"type": "integer", "minimum": 1},
    pointer=TEXT,
    rule=TEXT,
    evidence=EVIDENCE,
    severity={"enum": ["violation", "assumption"]},
    message=TEXT,
    document=PLACE,
)
VALIDATED = exactly(
    **HEAD,
    **{"as": {"enum": ["request", "response"]}, "fail_on": TEXT, "exit": {"enum": [0, 1, 2, 3]}},
    counts=exactly(payloads=COUNT, violations=COUNT, assumptions=COUNT, errors=COUNT),
    findings=each(FINDING),
    errors=each(exactly(file=TEXT, message=TEXT)),
)
"""What docs say of each list."""

BUYER = "request/b2bIds/buyerB2BId#pattern"


@pytest.mark.parametrize(
    ("words", "schema"),
    [
        (["rules"], exactly(**HEAD, rules=each(exactly(**RULE), 1))),
        (["defects"], exactly(**HEAD, defects=each(DEFECT, 1))),
        (["explain", BUYER], exactly(**HEAD, rules=each(EXPLAINED, 1))),
        (
            ["explain", "response.200/response_code#type"],
            exactly(**HEAD, rules=each(EXPLAINED, 1)),
        ),
        (["validate", "-"], VALIDATED),
        (["validate", "--as", "response", "-", "/missing"], VALIDATED),
    ],
    ids=" ".join,
)
def test_a_list_has_its_shape(words: list[str], schema: dict[str, Any]) -> None:
    """Every member is there, and there is no other; the text is ASCII."""
    out = typed(*words, "--format", "json", stdin="{}").stdout
    found = json.loads(out)
    errors = jsonschema_rs.Draft202012Validator(schema).iter_errors(found)
    assert [(error.instance_path, error.message) for error in errors] == []
    assert out.isascii()


def test_the_lists_are_whole() -> None:
    """They hold what the lines hold, in the same order."""
    rules = json.loads(typed("rules", "--format", "json").stdout)["rules"]
    assert [rule["id"] for rule in rules] == [*ec.load().pick().rules]
    defects = json.loads(typed("defects", "--format", "json").stdout)["defects"]
    lines = typed("defects").stdout.splitlines()
    assert [defect["id"] for defect in defects] == [line.split()[0] for line in lines]
    assert {defect["kind"] for defect in defects} == {"defect", "conforming", "failing"}


def test_a_rule_explained_as_data() -> None:
    """With its sources, its nearest twins and all of its cases."""
    code, out, err = said(typed("explain", BUYER, "--format", "json"))
    (rule,) = json.loads(out)["rules"]
    assert (code, err) == (0, "")
    assert rule["because"][0]["source"] == "api-10664764"
    assert rule["because"][0]["shows"].startswith("Confirm Invoice")
    assert rule["twins"] == {
        "valid": f"{BUYER}/shortest",
        "invalid": f"{BUYER}/one-under",
    }
    known = [case.id for case in ec.cases() if case.rule.id == BUYER]
    assert [case["id"] for case in rule["cases"]] == known


def test_what_is_wrong_leaves_standard_output_empty() -> None:
    """A program that reads JSON gets JSON, or nothing."""
    code, out, err = said(typed("explain", "nope", "--format", "json"))
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
