"""From schemas to rules: ids, places, evidence, and everything that can be wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract.contract import load
from enkash_contract.contract.evidence import Level
from enkash_contract.errors import DocumentError
from tests.support.second_document import TEXT, second, written

if TYPE_CHECKING:
    from enkash_contract.contract.rules import Rule

SAY = "say it in x-evidence beside it, e.g. "
LEVELS = "the levels are confirmed, documented, example, sibling, observed, disputed, assumed"
SOURCES = "add it to x-sources; known are letter, page"
STALE = "but no such constraint stands beside it; correct the name, or remove the line"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, so that messages name files as a person would type them."""
    monkeypatch.chdir(tmp_path)


def told(*changes: tuple[str, str], text: str = TEXT) -> list[str]:
    """Return what is said of the second document after some replacements in its text."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    with pytest.raises(DocumentError) as raised:
        load(document=written(Path(), "a.yaml", text))
    return str(raised.value).splitlines()


def rules() -> list[Rule]:
    """Return every rule of the second document."""
    return [rule for operation in second(Path()).values() for rule in operation.rules.values()]


def test_every_constraint_of_a_document_is_a_rule() -> None:
    """Ids, in the order of the document: side, pointer, and where need be the way through allOf."""
    operation = second(Path())["openThing"]
    assert [rule_id.removeprefix("request") for rule_id in operation.rules] == [
        "#method",
        "#path",
        "#content-type",
        "#content-type-present",
        "#content-type-single",
        "#encoding",
        "#json",
        "#duplicate-names",
        "#type",
        "/word#required",
        "/closed#required",
        "/word#type",
        "/word#minLength",
        "/word#maxLength",
        "/short#maxLength",
        "/short#allOf/0/type",
        "/short#allOf/0/minLength",
        "/short#allOf/0/maxLength",
        "/short#allOf/1/pattern",
        "/kind#enum",
        "/fixed#const",
        "/maybe#type",
        "/code#type",
        "/code#pattern",
        "/day#type",
        "/day#format",
        "/moment#type",
        "/moment#format",
        "/id#type",
        "/id#format",
        "/mail#type",
        "/mail#format",
        "/link#type",
        "/link#format",
        "/closest#type",
        "/closest#minimum",
        "/closest#maximum",
        "/between#type",
        "/between#exclusiveMinimum",
        "/between#exclusiveMaximum",
        "/between#multipleOf",
        "/list#type",
        "/list/*#type",
        "/list/*#minLength",
        "/list/*#maxLength",
        "/list#minItems",
        "/list#maxItems",
        "/list#uniqueItems",
        "/either#anyOf",
        "/one#oneOf",
        "/both#allOf/0/type",
        "/both#allOf/1/minimum",
        "/more#type",
        "/more/*#type",
        "/closed#type",
        "/closed#additionalProperties",
        "/x-a~1b~0c#type",
        "/few#type",
        "/few#minProperties",
        "/few#maxProperties",
        "/when#type",
        "/when/at#type",
        "/when/at#minimum",
        "/when/at#maximum",
        "/when#if",
        "#additionalProperties",
        "response#status",
    ]


def test_the_path_of_a_rule_leads_to_its_keyword() -> None:
    """What an engine reports by the path of the keyword is the rule's own keyword and value."""
    for operation in second(Path()).values():
        for side in operation.sides.values():
            for rule in side.rules:
                found: Any = side.schema
                for token in rule.path:
                    found = found[token]
                expected = rule.value if rule.keyword != "required" else rule.schema["required"]
                if rule.path:
                    assert (rule.path[-1], found) == (rule.keyword, expected), rule
                    assert rule.value in found if rule.keyword == "required" else True


def test_a_rule_stands_on_the_line_of_its_keyword() -> None:
    """The place is where a person would look: the keyword, or the required member's name."""
    lines = TEXT.splitlines()
    for rule in rules():
        word = rule.value if rule.keyword == "required" else rule.keyword
        # The format of an integer is its bounds.
        word = "int32" if rule.pointer == "/when/at" and word != "type" else word
        if rule.path:
            assert str(word) in lines[rule.place.line - 1], rule


@pytest.mark.parametrize(
    ("rule_id", "evidence"),
    [
        ("request/word#type", "example (page, read 2026-01-03)"),
        ("request/word#required", "documented (page, read 2026-01-03)"),
        ("request#duplicate-names", "sibling (letter, read 2026-01-02)"),
        ("request#additionalProperties", "assumed"),
        ("request/either#anyOf", "assumed"),
        ("request/one#oneOf", "sibling (letter, read 2026-01-02)"),
        ("request/short#maxLength", "documented (page, read 2026-01-03)"),
        ("request/short#allOf/0/maxLength", "assumed"),
        ("response#status", "example (page, read 2026-01-03)"),
    ],
)
def test_a_rule_carries_the_evidence_beside_it(rule_id: str, evidence: str) -> None:
    """A choice is worth no more than the weakest of what stands in it."""
    assert str(second(Path())["openThing"].rule(rule_id).evidence) == evidence


def test_a_receiver_is_held_to_what_a_sender_is_unless_something_else_is_stated() -> None:
    """Evidence for both is written once; where they differ, a choice is worth its weakest again."""
    text = TEXT
    for old, new in (
        ("duplicate-names: sibling letter", "duplicate-names: sibling letter; receiver assumed"),
        ("{enum: documented page}", "{enum: documented page; receiver sibling letter}"),
        ("x-evidence: {oneOf: documented page}",
         "x-evidence: {oneOf: documented page; receiver disputed page letter}"),
    ):  # fmt: skip
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    operation = load(document=written(Path(), "a.yaml", text))["openThing"]
    stated = {rule.id: str(rule.receiver) for rule in operation.rules.values() if rule.stated}
    assert stated == {
        "request#duplicate-names": "assumed",
        "request/kind#enum": "sibling (letter, read 2026-01-02)",
        "request/one#oneOf": "disputed (page, read 2026-01-03; letter, read 2026-01-02)",
    }
    assert str(operation.rule("request#duplicate-names").evidence).startswith("sibling")
    others = [rule for rule in operation.rules.values() if rule.stated is None]
    assert all(rule.receiver is rule.evidence for rule in others)


def test_one_label_of_a_response_need_not_be_stated() -> None:
    """It is assumed of each response with content, unless the document knows better."""
    rule = "response.200#content-type-single"
    assert str(second(Path())["closeThing"].rule(rule).evidence) == "assumed"
    text = TEXT.replace(
        "{content-type: assumed, ", "{content-type-single: example page, content-type: assumed, "
    )
    operation = load(document=written(Path(), "a.yaml", text))["closeThing"]
    assert str(operation.rule(rule).evidence) == "example (page, read 2026-01-03)"


def test_an_outcome_has_no_receiver() -> None:
    """It is read, not kept: a second claim of it would be one that nothing honours."""
    old = (
        "rejected: assumed, error: assumed}\n        accepted: {properties: {status: {const: 204}}}"
    )
    new = old.replace("rejected: assumed", "rejected: assumed; receiver assumed")
    assert told((old, new)) == [
        "a.yaml:56: the outcome rejected demands nothing of a receiver; remove that"
    ]


MORE = """more*: {type: object, x-evidence: {type: assumed},
          properties: {'*': {type: string, x-evidence: {type: assumed}}},
          additionalProperties: {type: string, x-evidence: {type: assumed}}}"""


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        (
            "maxLength: assumed}\n    Thing",
            "}\n    Thing",
            [f"a.yaml:102: the constraint 'maxLength' has no evidence; {SAY}`maxLength: assumed`"],
        ),
        (
            "{enum: documented page}",
            "{enum: [documented page]}",
            [f"a.yaml:119: the constraint 'enum' has no evidence; {SAY}`enum: assumed`"],
        ),
        (
            "required: {word: documented page, closed: documented page}",
            "required: {word: documented page}",
            [
                (
                    "a.yaml:108: the constraint 'required/closed' has no evidence; "
                    f"{SAY}`closed: assumed`"
                )
            ],
        ),
        (
            "required: {word: documented page, closed: documented page}",
            "required: documented page",
            [
                f"a.yaml:108: the constraint 'required/{name}' has no evidence; "
                f"{SAY}`{name}: assumed`"
                for name in ("word", "closed")
            ],
        ),
        (
            "{enum: documented page}",
            "{enum: certain page}",
            [f"a.yaml:122: 'certain' is not a level of evidence; {LEVELS}"],
        ),
        (
            "{enum: documented page}",
            "{enum: documented book}",
            [f"a.yaml:122: the source 'book' is unknown; {SOURCES}"],
        ),
        (
            "{enum: documented page}",
            "{enum: documented}",
            [f"a.yaml:122: the source is missing; {SOURCES}"],
        ),
        (
            "{enum: documented page}",
            "{enum: assumed page}",
            ["a.yaml:122: what is assumed has no source; remove the source, or the level"],
        ),
        (
            "{enum: documented page}",
            "{enum: confirmed page}",
            [
                (
                    "a.yaml:122: the level 'confirmed' is not for this document; "
                    "say it in an overlay: only a partner can vouch for it"
                )
            ],
        ),
        (
            "{enum: documented page}",
            "{enum: observed page}",
            [
                (
                    "a.yaml:122: the level 'observed' is not for this document; "
                    "say it in an overlay: only a partner can vouch for it"
                )
            ],
        ),
        (
            "{enum: documented page}",
            "{enum: documented page, enmu: assumed}",
            [f"a.yaml:122: evidence for 'enmu', {STALE}"],
        ),
        (
            "required: {word: documented page, closed: documented page}",
            "required: {word: documented page, closed: documented page, old: {er: assumed}}",
            [f"a.yaml:193: evidence for 'required/old', {STALE}"],
        ),
        (
            "word: {$ref: '#/components/schemas/Word'}",
            "word: {$ref: '#/components/schemas/Word', x-evidence: {pattern: assumed}}",
            [f"a.yaml:110: evidence for 'pattern', {STALE}"],
        ),
        (
            "x-evidence: {status: example page}\n        '204'",
            "'204'",
            [f"a.yaml:52: the constraint 'status' has no evidence; {SAY}`status: assumed`"],
        ),
        (
            "x-evidence: {method: documented page, path: documented page}\n"
            "      requestBody:\n        description",
            "requestBody:\n        description",
            [
                f"a.yaml:29: the constraint 'method' has no evidence; {SAY}`method: assumed`",
                f"a.yaml:29: the constraint 'path' has no evidence; {SAY}`path: assumed`",
            ],
        ),
        (
            "duplicate-names: sibling letter",
            "",
            [
                (
                    "a.yaml:43: the constraint 'duplicate-names' has no evidence; "
                    f"{SAY}`duplicate-names: assumed`"
                )
            ],
        ),
        (
            "{type: boolean, x-evidence: {type: documented page}}\n          x-evidence: {anyOf",
            "{type: boolean}\n          x-evidence: {anyOf",
            [f"a.yaml:156: the constraint 'type' has no evidence; {SAY}`type: assumed`"],
        ),
        (
            "word: {$ref: '#/components/schemas/Word'}",
            "word: {$ref: '#/components/schemas/Thing'}",
            [
                (
                    "a.yaml:106: the schema refers to itself, so its rules have no end; "
                    "write it out to the depth that is needed"
                ),
            ],
        ),
        (
            "x-a/b~c: {type: boolean, x-evidence: {type: documented page}}",
            MORE,
            [
                (
                    "a.yaml:29: two rules are both called request/more*/*#type; "
                    "merge them: an id must lead to one rule"
                )
            ],
        ),
        (
            "operationId: closeThing",
            "operationId: openThing",
            ["a.yaml:62: the operation 'openThing' is there twice; rename one"],
        ),
    ],
)
def test_what_is_wrong_with_evidence_is_told(old: str, new: str, messages: list[str]) -> None:
    """The message points at the line, names the constraint, and says what to write."""
    assert told((old, new)) == messages


CLOSED = "error: assumed}\n        accepted: {properties: {status: {const: 200"


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """A problem of one operation, side or schema hides none of another."""
    lines = told(
        ("duplicate-names: sibling letter", "duplicates: assumed"),
        ("{enum: documented page}", "{enum: documented book}"),
        ("minLength: sibling letter", "minLength: seen letter"),
        ("{oneOf: documented page}", "{}"),
        ("schema: {type: 'null', x-evidence: {type: documented page}}", "schema: {type: 'null'}"),
        ("{content-type: assumed, json: assumed}", "{content-type: assumed}"),
        (f"rejected: assumed, {CLOSED}", CLOSED),
    )
    assert lines == [
        (
            "a.yaml:43: the constraint 'duplicate-names' has no evidence; "
            f"{SAY}`duplicate-names: assumed`"
        ),
        f"a.yaml:105: 'seen' is not a level of evidence; {LEVELS}",
        f"a.yaml:122: the source 'book' is unknown; {SOURCES}",
        f"a.yaml:159: the constraint 'oneOf' has no evidence; {SAY}`oneOf: assumed`",
        f"a.yaml:74: the constraint 'type' has no evidence; {SAY}`type: assumed`",
        f"a.yaml:81: the constraint 'json' has no evidence; {SAY}`json: assumed`",
        f"a.yaml:87: the constraint 'rejected' has no evidence; {SAY}`rejected: assumed`",
        f"a.yaml:49: evidence for 'duplicates', {STALE}",
    ]


def test_what_two_members_share_is_wrong_once() -> None:
    """A schema that is referred to from many places is mended in one."""
    assert len(told(("{type: example page, minLength", "{minLength"))) == 1


@pytest.mark.parametrize(
    ("level", "kept"),
    [
        (
            Level.DOCUMENTED,
            {"type": "object", "required": ["word", "closed"], "additionalProperties": None},
        ),
        (
            Level.ASSUMED,
            {"type": "object", "required": ["word", "closed"], "additionalProperties": True},
        ),
    ],
)
def test_a_schema_enforces_the_rules_of_a_level(level: Level, kept: dict[str, Any]) -> None:
    """Rules with weaker evidence are left out, each required member by itself."""
    schema = second(Path())["openThing"].request.enforced(level)
    assert {key: schema.get(key) for key in kept} == kept


WORD = {"title": "Word", "description": "A word.", "$comment": "Two to four characters."}
EXAMPLES = {"examples": ["ab"]}


def test_a_schema_enforces_the_rules_of_a_level_examples() -> None:
    """What describes stays; a choice stays whole or not at all; what begins with x- is left out."""
    side = second(Path())["openThing"].request

    def members(level: Level, *names: str) -> list[Any]:
        return [side.enforced(level)["properties"][name] for name in names]

    assert members(Level.EXAMPLE, "word", "short", "one", "more") == [
        {**WORD, "type": "string", **EXAMPLES},
        {"maxLength": 3, "allOf": [{**WORD, "type": "string", **EXAMPLES}, {}]},
        {},
        {"type": "object", "additionalProperties": {}},
    ]
    assert members(Level.SIBLING, "word", "either", "one", "fixed", "list") == [
        {**WORD, "type": "string", "minLength": 2, **EXAMPLES},
        {},
        {
            "oneOf": [
                {
                    "type": "object",
                    "required": ["x-a"],
                    "properties": {"x-a": {"type": "array", "items": {"type": "string"}}},
                    "additionalProperties": {"type": "null"},
                },
                {"allOf": [{"const": 1}]},
            ]
        },
        {"const": {"x-a": [1]}},
        {"items": {**WORD, "type": "string", "minLength": 2, **EXAMPLES}},
    ]


def test_a_required_member_is_enforced_by_its_own_evidence() -> None:
    """Of two required members, the one that is only assumed is not asked for above that level."""
    text = TEXT.replace(
        "closed: documented page}\n        additional", "closed: assumed}\n        additional"
    )
    side = load(document=written(Path(), "a.yaml", text))["openThing"].request
    assert [side.enforced(level).get("required") for level in (Level.SIBLING, Level.ASSUMED)] == [
        ["word"],
        ["word", "closed"],
    ]
    assert "required" not in side.enforced(Level.CONFIRMED)
