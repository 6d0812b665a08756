"""The document as one file: what is printed, and who can read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openapi_spec_validator
import pytest
import yaml
from click.testing import CliRunner

import enkash_contract as ec
from enkash_contract.cli.main import main
from enkash_contract.contract import contract
from enkash_contract.contract.export import EXTENSION, exported

if TYPE_CHECKING:
    from pathlib import Path

OVERLAY = """\
overlay: 1.0.0
info: {title: What EnKash told us, version: 1.0.0}
actions:
  - target: $['x-sources']
    update: {mail-2026-11-20: {read: 2026-11-20, shows: The statuses of the UAT}}
  - target: $.components.schemas.Status
    update:
      enum: [CREATED, PAID, CANCELLED]
      x-evidence: {enum: confirmed mail-2026-11-20}
"""

RENAMED = "  - {target: $.info, update: {title: Invoices}}\n"


def printed(*words: str) -> str:
    """Return what `enkash-contract document` prints, which is nothing but the document."""
    result = CliRunner().invoke(main, ["document", *words])
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


@pytest.mark.parametrize(("form", "read"), [("yaml", yaml.safe_load), ("json", json.loads)])
def test_the_document_is_printed_whole(form: str, read: Any) -> None:
    """In either form it is the bundled document, and says what this package must know of it."""
    data = read(printed("--format", form))
    ours = data.pop(EXTENSION)
    assert data == contract.bundled().document.data
    assert list(data) == list(contract.bundled().document.data)
    assert ours == {"overlays": [], "fail-on": "sibling"}


def test_yaml_is_what_is_printed_unless_one_says_otherwise() -> None:
    """Schemathesis tells the two apart by the name of the file, and most documents are YAML."""
    assert printed() == printed("--format", "yaml")
    assert printed().startswith("openapi: 3.1.0\n")
    assert printed()[-2:] == "g\n"


@pytest.mark.parametrize("words", [("--format", "json"), ()])
def test_an_older_version_is_printed_on_request(words: tuple[str, ...]) -> None:
    """It is for tools that load nothing newer, and OpenAPI's own validator finds it right."""
    document = yaml.safe_load(printed("--openapi", "3.0", *words))
    assert document["openapi"] == "3.0.3"
    openapi_spec_validator.validate(document)


def test_what_is_printed_is_the_same_contract(tmp_path: Path) -> None:
    """All files are one, and the rules of each operation are those of the files."""
    file = tmp_path / "whole.yaml"
    file.write_text(printed(), encoding="utf-8")
    whole, files = ec.load(document=file), contract.bundled()
    assert [*whole] == [*files]
    for name, operation in whole.items():
        assert [*operation.rules] == [*files[name].rules]
        assert [rule.evidence for rule in operation.rules.values()] == [
            rule.evidence for rule in files[name].rules.values()
        ]


def test_overlays_are_laid_on_and_named(tmp_path: Path) -> None:
    """What only a partner can vouch for is in the schemas, and its file is found again."""
    overlay = tmp_path / "partner.yaml"
    overlay.write_text(OVERLAY)
    title = tmp_path / "title.yaml"
    title.write_text(OVERLAY[: OVERLAY.index("  - target")] + RENAMED)
    laid = [str(overlay), str(title), str(title)]
    words = [word for name in laid for word in ("--overlay", name)]
    data = yaml.safe_load(printed(*words, "--fail-on", "documented"))
    assert data["info"]["title"] == "Invoices"
    assert data["components"]["schemas"]["Status"]["enum"] == ["CREATED", "PAID", "CANCELLED"]
    assert data[EXTENSION] == {"overlays": laid, "fail-on": "documented"}


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_the_document_is_an_openapi_document(form: str) -> None:
    """The specification's own validator takes it."""
    openapi_spec_validator.validate(yaml.safe_load(printed("--format", form)))


def test_a_wrong_overlay_is_one_error(tmp_path: Path) -> None:
    """It is told as everywhere else, and nothing is printed that could be taken for a document."""
    overlay = tmp_path / "gone.yaml"
    result = CliRunner().invoke(main, ["document", "--overlay", str(overlay)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: {overlay}: cannot be read: No such file or directory; name a file that is there\n"
    )


def test_what_is_exported_can_be_changed() -> None:
    """The contract keeps a document of its own."""
    exported(contract.bundled())["paths"].clear()
    assert contract.bundled().document.data["paths"]


def test_a_level_that_is_none_is_told() -> None:
    """The levels are named."""
    with pytest.raises(ec.UsageError, match="'certain' is not a level of evidence; the levels are"):
        exported(contract.bundled(), "certain")
