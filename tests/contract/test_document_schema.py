"""The JSON Schemas of documents and overlays: what the loader reads, they accept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import jsonschema_rs
import pytest
import yaml

from enkash_contract.contract import document_schema as schemas
from enkash_contract.contract import openapi
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.keywords import KEYWORDS
from tests.support import many_files, second_document
from tests.support.paths import DOCUMENT, ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = jsonschema_rs.Draft202012Validator(schemas.document())
OVERLAYS = jsonschema_rs.Draft202012Validator(schemas.overlay())
BUNDLED = sorted(DOCUMENT.parent.rglob("*.yaml"))
HEAD: dict[str, Any] = {"overlay": "1.0.0", "info": {"title": "Ours", "version": "1"}}


class Loader(yaml.SafeLoader):
    """The loader in Python alone, for which a date is the text that it is."""

    # The base class has it as a class variable too, though its types say otherwise.
    yaml_implicit_resolvers: ClassVar[Any] = {  # type: ignore[misc]
        first: [(tag, pattern) for tag, pattern in known if not tag.endswith(":timestamp")]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read(text: str) -> Any:
    """Return what a file holds."""
    return yaml.load(text, Loader)  # noqa: S506 - it is a safe one


def mistakes(validator: Any, value: Any) -> list[str]:
    """Return the places of what is wrong with a value."""
    return ["/".join(map(str, error.instance_path)) for error in validator.iter_errors(value)]


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_every_bundled_file_keeps_the_schema(path: Path) -> None:
    """The root, the operations, the webhooks, and what they share."""
    assert mistakes(DOCUMENTS, read(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("text", [second_document.TEXT, *many_files.FILES.values()])
def test_what_the_loader_reads_keeps_the_schema(text: str) -> None:
    """So does the document of all files, as it is printed."""
    assert mistakes(DOCUMENTS, read(text)) == []
    assert mistakes(DOCUMENTS, bundled().document.data) == []


def test_every_member_that_is_honoured_is_known() -> None:
    """Whoever adds one to the loader adds it here."""
    definitions = schemas.document()["$defs"]
    assert definitions["schema"]["properties"].keys() == KEYWORDS.keys()
    members = openapi._OPERATION_MEMBERS.keys()
    assert definitions["operation"]["properties"].keys() == members
    assert definitions["root"]["properties"].keys() == openapi._OPENAPI_MEMBERS.keys()


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("tags: [Payment]", "tag: [Payment]", "post"),
        ("path: documented api-1}", "path: documentd api-1}", "post/x-evidence/path"),
        ("type: object", "type: objekt", "post/requestBody/content/application/json/schema/type"),
        ("requestBody:", "requestbody:", "post"),
    ],
)
def test_what_is_mistyped_is_found(old: str, new: str, place: str) -> None:
    """The place is that of the member, or of what holds it."""
    assert place in mistakes(DOCUMENTS, read(many_files.OPERATION.replace(old, new, 1)))


@pytest.mark.parametrize(
    "text",
    [
        "target: $.info, update: {title: Ours}",
        "target: $.a, remove: true",
        "target: $.a, update: {enum: [1], x-evidence: {enum: confirmed}}",
        "target: $.a, update: [1], x-note: 1, description: x",
    ],
)
def test_overlays_keep_their_schema(text: str) -> None:
    """What an update may hold depends on its target, but for evidence."""
    assert mistakes(OVERLAYS, {**HEAD, "actions": [read(f"{{{text}}}")]}) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("target: a, remove: true", "actions/0/target"),
        ("target: $.a, remove: false", "actions/0"),
        ("target: $.a, updates: {}", "actions/0"),
        ("target: $.a, update: {x-evidence: {enum: sure}}", "actions/0/update/x-evidence/enum"),
    ],
)
def test_what_is_mistyped_in_an_overlay_is_found(text: str, place: str) -> None:
    """An action that does nothing is a mistake as well."""
    assert place in mistakes(OVERLAYS, {**HEAD, "actions": [read(f"{{{text}}}")]})


def test_the_overlays_shown_in_the_guides_keep_the_schema() -> None:
    """People begin with those."""
    shown = [
        block.partition("```")[0]
        for page in (ROOT / "docs").glob("*.md")
        for block in page.read_text(encoding="utf-8").split("```yaml\n")[1:]
    ]
    overlays = [text for text in shown if "\noverlay: " in f"\n{text}"]
    assert overlays
    assert [mistakes(OVERLAYS, read(text)) for text in overlays] == [[]] * len(overlays)
