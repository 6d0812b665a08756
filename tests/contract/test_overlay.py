"""OpenAPI overlays: what they change, what they may claim, and what is said when they are wrong."""

from __future__ import annotations

import json
import shutil
import textwrap
from pathlib import Path
from typing import Any

import pytest

from enkash_contract.contract.contract import load
from enkash_contract.contract.evidence import Level
from enkash_contract.errors import DocumentError
from tests.support.paths import DOCUMENT
from tests.support.second_document import TEXT, written

HEAD = "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\nactions:\n"
TAG = "$.components.schemas.Tag"
STATUS = "$.components.schemas.Status"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, so that messages name files as a person would type them."""
    monkeypatch.chdir(tmp_path)


def overlay(actions: str, name: str = "ours.yaml") -> Path:
    """Write an overlay with these actions; the first line of them is line 4 of the file."""
    text = HEAD + textwrap.indent(textwrap.dedent(actions).strip(), "  ")
    return written(Path(), name, text)


def laid(*actions: str) -> Any:
    """Return the data of the bundled document with an overlay of each of `actions` on it."""
    names = [overlay(text, f"{number}.yaml") for number, text in enumerate(actions)]
    return load(*names).document.data


def refused(text: str) -> str:
    """Return what is said of an overlay that is `text`."""
    with pytest.raises(DocumentError) as raised:
        load(written(Path(), "ours.yaml", text))
    return str(raised.value)


def test_an_update_is_merged_into_what_is_there() -> None:
    """Members are added and replaced at every level, lists grow, and the rest stays."""
    before = load().document.data["components"]["schemas"]["Tag"]
    after = laid(
        f"""
        - target: {TAG}
          description: What we know of tags.
          update:
            description: Ours.
            x-note: [1]
            properties: {{name: {{examples: [IP], x-seen: true}}}}
        """
    )["components"]["schemas"]["Tag"]
    name = {**before["properties"]["name"], "examples": ["GEOCODE", "IP"], "x-seen": True}
    properties = {**before["properties"], "name": name}
    assert after == {**before, "description": "Ours.", "x-note": [1], "properties": properties}


def test_an_action_sees_those_before_it() -> None:
    """A member that was added can be changed, one that was removed cannot, whatever holds it."""
    tag = laid(
        f"""
        - target: {TAG}
          update: {{x-ours: {{a: [{{n: 1}}, {{n: 2}}]}}}}
        - target: {TAG}.x-ours.a[?@.n == 1]
          remove: true
        - target: {TAG}.x-ours.a[0]
          update: {{n: 3}}
        - target: {TAG}.x-ours.a[?@.n == 3]
          update: {{m: 4}}
        - target: $
          update: {{components: {{schemas: {{Tag: {{x-ours: {{b: 5}}}}}}}}}}
        - target: {TAG}.x-ours[?@ == 5]
          remove: true
        """
    )["components"]["schemas"]["Tag"]
    assert tag["x-ours"] == {"a": [{"n": 3, "m": 4}]}


def test_an_update_of_a_list_is_appended() -> None:
    """A target that is a list gains the entry, or the entries of a list."""
    name = f"{TAG}.properties.name.examples"
    found = laid(
        f"""
        - {{target: {name}, update: IP}}
        - {{target: {name}, update: [OS, APP]}}
        """
    )
    examples = found["components"]["schemas"]["Tag"]["properties"]["name"]["examples"]
    assert examples == ["GEOCODE", "IP", "OS", "APP"]


def test_an_update_reaches_every_match_once() -> None:
    """A path may match many values, and the same value twice."""
    found = laid(
        """
        - target: $.components.schemas.Tag.properties['name','value','name']
          update: {examples: [both]}
        """
    )["components"]["schemas"]["Tag"]["properties"]
    assert [found[key]["examples"] for key in ("name", "value")] == [
        ["GEOCODE", "both"],
        ["string", "both"],
    ]


def test_matches_that_were_updated_alike_stay_apart() -> None:
    """A later change of one match is not a change of the other."""
    found = laid(
        """
        - target: $.components.schemas.Tag.properties.*
          update: {x-note: {ours: [1]}}
        - target: $.components.schemas.Tag.properties.*.x-note.ours
          update: {a: [1]}
        """,
        """
        - target: $.components.schemas.Tag.properties.name.x-note.ours
          update: 2
        - target: $.components.schemas.Tag.properties.name.x-note.ours[1].a
          update: 2
        """,
    )["components"]["schemas"]["Tag"]["properties"]
    assert [found[key]["x-note"]["ours"] for key in ("name", "value")] == [
        [1, {"a": [1, 2]}, 2],
        [1, {"a": [1]}],
    ]


def test_a_removal_takes_members_and_items_away() -> None:
    """What is removed is gone, be it a member, an item, or several items of one list."""
    found = laid(
        f"""
        - {{target: {TAG}.properties.name.examples, update: [a, b, c]}}
        - {{target: "{TAG}.properties.name.examples[0,2,0]", remove: true}}
        - {{target: {TAG}.description, update: ignored, remove: true}}
        - {{target: "$..[?@.name == 'Invoice' && @.description]", remove: true}}
        """
    )
    tag = found["components"]["schemas"]["Tag"]
    assert tag["properties"]["name"]["examples"] == ["a", "c"]
    assert "description" not in tag
    assert "Invoice" not in [known["name"] for known in found["tags"]]


def test_a_removal_of_a_value_and_of_what_holds_it_is_one() -> None:
    """A match within another match is gone with it."""
    found = laid(
        """
        - target: $.components.schemas.Tag
          update: {x-note: {x-note: [[1], 2]}}
        - target: $..x-note
          remove: true
        """
    )
    assert "x-note" not in found["components"]["schemas"]["Tag"]


def test_overlays_are_laid_on_in_their_order() -> None:
    """A later overlay sees what an earlier one wrote, and the last word counts."""
    first = f"- {{target: {TAG}, update: {{description: first, x-first: 1}}}}"
    second = f"- {{target: {TAG}.x-first, remove: true}}\n"
    second += f"- {{target: {TAG}, update: {{description: second}}}}"
    found = laid(first, second)["components"]["schemas"]["Tag"]
    assert (found["description"], "x-first" in found) == ("second", False)


def test_the_contract_names_its_overlays() -> None:
    """The repr tells which files were laid on, and one that is laid on twice counts twice."""
    ours = overlay(f"- {{target: {TAG}, update: {{x-note: 1}}}}")
    assert repr(load(ours, ours)) == (
        "<Contract openapi/enkash.yaml + ours.yaml + ours.yaml (again): "
        "changeInvoiceStatus and 24 more>"
    )


def test_an_overlay_may_be_json() -> None:
    """JSON is YAML, laid out with spaces or tabs."""
    action = {"target": TAG, "update": {"x-note": "ä/é"}}
    info = {"title": "Ours", "version": "1"}
    text = json.dumps({"overlay": "1.0.0", "info": info, "actions": [action]}, indent="\t")
    found = load(written(Path(), "ours.json", text)).document.data
    assert found["components"]["schemas"]["Tag"]["x-note"] == "ä/é"


CONFIRMED = f"""
- target: {STATUS}
  update:
    enum: [CREATED, PAID]
    x-evidence:
      enum: confirmed letter-1
- target: $.x-sources
  update:
    letter-1: {{read: '2026-11-30', shows: The statuses.}}
"""


def test_an_overlay_confirms_what_the_document_cannot() -> None:
    """A rule that a partner adds carries the partner's evidence, and its place is their line."""
    operation = load(overlay(CONFIRMED)).pick()
    rule = operation.rule("request/invoiceStatus/statusTransition/newStatus#enum")
    assert (rule.value, str(rule.evidence), str(rule.place)) == (
        ["CREATED", "PAID"],
        "confirmed (letter-1, read 2026-11-30)",
        "ours.yaml:6",
    )


def test_an_overlay_without_a_source_is_its_own() -> None:
    """The partner who wrote it vouches for it, so the file itself is the source."""
    ours = overlay(
        f"""
        - target: {STATUS}
          update: {{minLength: 3, x-evidence: {{minLength: observed}}}}
        """
    )
    rule = load(ours).pick().rule("request/invoiceStatus/statusTransition/newStatus#minLength")
    source = rule.evidence.source
    assert source is not None
    assert (rule.value, rule.evidence.level, source.id, source.shows) == (
        3,
        Level.OBSERVED,
        "ours.yaml",
        "what the partner who wrote it knows",
    )


def test_new_evidence_alone_makes_a_rule_stronger() -> None:
    """The value stays the document's, and so does its place; what is known of it is new."""
    ours = overlay(f"- {{target: {STATUS}.x-evidence, update: {{minLength: confirmed}}}}")
    rule_id = "request/invoiceStatus/statusTransition/newStatus#minLength"
    rule, before = load(ours).pick().rule(rule_id), load().pick().rule(rule_id)
    assert (rule.value, rule.place) == (before.value, before.place)
    assert str(rule.evidence) == "confirmed (ours.yaml)"


BUNDLED = DOCUMENT.read_text(encoding="utf-8")


def line_of(words: str, *, after: str) -> int:
    """Return the number of the first line of the root with `words` below that with `after`."""
    lines = [line.strip() for line in BUNDLED.splitlines()]
    return lines.index(words, lines.index(after)) + 1


def test_a_change_without_its_evidence_is_refused() -> None:
    """Evidence for the old value says nothing of the new one; both places are named."""
    told = refused(HEAD + f"  - target: {STATUS}\n    update:\n      minLength: 3\n")
    assert told == (
        "ours.yaml:6: the constraint 'minLength' was changed, but its evidence is from "
        f"openapi/enkash.yaml:{line_of('minLength: assumed', after='Status:')}; "
        "say the evidence of the new value in the same overlay"
    )


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (f"- {{target: {STATUS}.enum, update: PAID}}", 4),
        (f"- target: {STATUS}\n  update: {{enum: [PAID]}}", 5),
        (f"- {{target: '{STATUS}.enum[0]', remove: true}}", 4),
    ],
    ids=["append", "merge", "remove"],
)
def test_a_list_that_grows_or_shrinks_is_changed(change: str, line: int) -> None:
    """An overlay on an overlay answers for its change as well, even where it only takes away."""
    first = overlay(
        f"""
        - target: {STATUS}
          update: {{enum: [CREATED, CANCELLED], x-evidence: {{enum: confirmed}}}}
        """,
        "0.yaml",
    )
    with pytest.raises(DocumentError) as raised:
        load(first, overlay(change, "1.yaml"))
    assert str(raised.value) == (
        f"1.yaml:{line}: the constraint 'enum' was changed, but its evidence is from 0.yaml:5; "
        "say the evidence of the new value in the same overlay"
    )


def test_a_choice_that_loses_a_part_is_changed() -> None:
    """Taking a rule out of a branch changes what the whole choice demands."""
    either = "$.components.schemas.Thing.properties.either"
    ours = overlay(
        f"""
        - {{target: "{either}.anyOf[0]['minLength']", remove: true}}
        - {{target: "{either}.anyOf[0]['x-evidence'].minLength", remove: true}}
        """
    )
    with pytest.raises(DocumentError) as raised:
        load(ours, document=written(Path(), "things.yaml", TEXT))
    (old,) = (at for at, line in enumerate(TEXT.splitlines(), 1) if "{anyOf: doc" in line)
    assert str(raised.value) == (
        "ours.yaml:4: the constraint 'anyOf' was changed, but its evidence is from "
        f"things.yaml:{old}; say the evidence of the new value in the same overlay"
    )


def test_a_required_member_that_is_removed_takes_its_evidence_along() -> None:
    """Evidence left behind speaks of a rule that is no more, and is refused."""
    member = f"\"{TAG}.required[?@ == 'value']\""
    with pytest.raises(DocumentError) as raised:
        load(overlay(f"- {{target: {member}, remove: true}}"))
    assert [problem.message for problem in raised.value.problems] == [
        "evidence for 'required/value', but no such constraint stands beside it"
    ]
    both = overlay(
        f"""
        - {{target: {member}, remove: true}}
        - {{target: {TAG}.x-evidence.required.value, remove: true}}
        """
    )
    assert "request/device/tag/value#required" not in load(both).pick().rules


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[]",
            (
                "ours.yaml:1: an overlay is a mapping with overlay, info and actions; "
                "see OpenAPI Overlay 1.0"
            ),
        ),
        (
            "x-ours: 1",
            (
                "ours.yaml:1: this is not an overlay of version 1; begin it with `overlay: 1.0.0`\n"
                "ours.yaml:1: info has no title and no version; add it\n"
                "ours.yaml:1: the overlay has no actions; add at least one to `actions`"
            ),
        ),
        (
            "\noverlay: 2.0.0\ninfo: {version: '1'}\nactions: []\naction: 1",
            (
                "ours.yaml:5: an overlay has no key 'action' here; "
                "the keys are overlay, info, extends, actions\n"
                "ours.yaml:2: this is not an overlay of version 1; begin it with `overlay: 1.0.0`\n"
                "ours.yaml:3: info has no title; add it\n"
                "ours.yaml:4: the overlay has no actions; add at least one to `actions`"
            ),
        ),
        (
            "overlay: [1.0]\ninfo: []\nactions: {}",
            (
                "ours.yaml:1: this is not an overlay of version 1; begin it with `overlay: 1.0.0`\n"
                "ours.yaml:2: info has no title and no version; add it\n"
                "ours.yaml:3: the overlay has no actions; add at least one to `actions`"
            ),
        ),
        (
            HEAD + "  - update: {}\n  - target: []\n    update: {}\n  - 1\n"
            "  - {target: $, remove: false}\n  - {target: $, updates: {}, x-a: 1, remove: true}",
            (
                "ours.yaml:4: an action has no target; give it a JSONPath as `target`\n"
                "ours.yaml:5: an action has no target; give it a JSONPath as `target`\n"
                "ours.yaml:7: an action has no target; give it a JSONPath as `target`\n"
                "ours.yaml:8: an action does nothing; give it `update` or `remove: true`\n"
                "ours.yaml:9: an overlay has no key 'updates' here; "
                "the keys are target, description, update, remove"
            ),
        ),
    ],
)
def test_what_is_no_overlay_is_refused(text: str, message: str) -> None:
    """Everything wrong with the file is told at once, with lines and remedies."""
    assert refused(text) == message


def test_actions_that_do_not_fit_the_document_are_refused_together() -> None:
    """A mistyped target would leave a partner believing in a rule that no one enforces."""
    actions = """\
  - {target: $.componets, update: {}}
  - {target: '$.[', remove: true}
  - {target: $, remove: true}
  - {target: $.info, update: [1]}
  - target: $.info.title
    update: {a: 1}
"""
    told = refused(HEAD + actions).splitlines()
    assert told[:1] + told[2:] == [
        (
            "ours.yaml:4: target '$.componets' matches nothing in the document; "
            "correct the path, or remove the action"
        ),
        "ours.yaml:6: the whole document cannot be removed; name a part of it",
        (
            "ours.yaml:7: only a mapping can be laid on a mapping, and nothing on a plain value; "
            "point the target at what holds the value"
        ),
        (
            "ours.yaml:9: only a mapping can be laid on a mapping, and nothing on a plain value; "
            "point the target at what holds the value"
        ),
    ]
    assert told[1].startswith("ours.yaml:5: target '$.[' is not a JSONPath: ")
    assert told[1].endswith("; write it as RFC 9535 says")


def test_a_shape_broken_by_an_overlay_is_told_at_the_overlay_s_line() -> None:
    """A keyword that is not honoured is refused in an overlay as in the document."""
    told = refused(HEAD + f"  - target: {STATUS}\n    update:\n      maxLenght: 3\n")
    assert told == (
        "ours.yaml:6: a schema with the keyword 'maxLenght' is not honoured here; "
        "did you mean maxLength?"
    )


def test_what_an_alias_repeats_is_changed_in_one_place() -> None:
    """An overlay that changes one of two likenesses leaves the other as it was."""
    reference = "{$ref: '#/components/schemas/B2BId'}"
    text = BUNDLED.replace(f"supplierB2BId: {reference}", "supplierB2BId: *buyer")
    text = text.replace(f"buyerB2BId: {reference}", f"buyerB2BId: &buyer {reference}")
    shutil.copytree(DOCUMENT.parent, "openapi")
    base = written(Path(), "openapi/enkash.yaml", text)
    ours = overlay(
        """
        - target: $.components.schemas.B2BIds.properties.supplierB2BId
          update: {description: The supplier's.}
        """
    )
    found = load(ours, document=base).document.data["components"]["schemas"]["B2BIds"]["properties"]
    assert ["description" in found[key] for key in ("buyerB2BId", "supplierB2BId")] == [False, True]
