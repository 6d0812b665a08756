"""What overlays touch: which files are read for one, and which are left for later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from enkash_contract.contract import contract
from enkash_contract.contract.contract import load
from enkash_contract.errors import DocumentError
from tests.support.many_files import PAYMENT, ROOT, many_files

if TYPE_CHECKING:
    from pathlib import Path

MONEY = "{type: number, x-evidence: {type: sibling shared}}"
AMOUNT = "Amount: {type: number, minimum: 0, x-evidence: {type: sibling letter, minimum: assumed}}"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a document in the place of the bundled one; a part of one operation uses `Money`."""
    more = f"    Money: {MONEY}\n    Mon: {MONEY}\n    Id:\n"
    path = many_files(
        tmp_path,
        enkash=ROOT.replace("    Id:\n", more),
        payment=PAYMENT.replace(
            AMOUNT, "Amount: {$ref: '../enkash.yaml#/components/schemas/Money'}"
        ),
    )
    monkeypatch.setattr(contract, "_bundled_path", lambda: path)
    return path


def ours(folder: Path, action: str) -> Path:
    """Write an overlay of one action."""
    path = folder / "ours.yaml"
    path.write_text(f"overlay: 1.0.0\ninfo: {{title: O, version: '1'}}\nactions:\n{action}")
    return path


@pytest.mark.parametrize(
    ("target", "update", "read"),
    [
        ("$.paths['/pay'].post", "{summary: Pay}", ["/pay"]),
        ("$.paths['/pay']..properties.ids", "{description: x}", ["/pay"]),
        ("$.webhooks.paid.post", "{summary: Paid}", ["paid"]),
        ("$.webhooks.paid.post", "{x-a: {$ref: x}}", ["/pay", "paid"]),
        ("$.info", "{title: Ours}", []),
        ("$['x-sources']", "{mail: {read: '2026-01-01', shows: x}}", []),
        ("$.components.schemas.Id", "{description: x}", ["/pay", "paid"]),
        ("$.components.schemas.Ids", "{description: x}", ["/pay", "paid"]),
        ("$.components['x-outcomes'].Status", "{x-note: x}", ["/pay", "paid"]),
        ("$.components.schemas.Money", "{description: x}", ["/pay"]),
        ("$.components.schemas.Money.x-evidence", "{type: sibling shared}", ["/pay"]),
        ("$.components.schemas.Mon", "{description: x}", []),
        ("$.components.schemas", "{Other: {type: string}}", ["/pay", "paid"]),
        ("$.components.schemas['Mon','Money']", "{description: x}", ["/pay", "paid"]),
        ("$.webhooks", "{paid: {x-note: x}}", ["paid"]),
        ("$", "{info: {title: Ours}, webhooks: {paid: {x-note: x}}}", ["paid"]),
        ("$", "{components: {schemas: {Money: {description: x}}}}", ["/pay"]),
        ("$", "{components: {schemas: {Other: {type: string}}}, info: {}}", ["/pay", "paid"]),
        ("$", "{x-ours: 1}", ["/pay", "paid"]),
        ("$.webhooks.paid.post", "{x-a: {$ref: '#/components/schemas/Id'}}", ["paid"]),
        ("$.paths.*.post", "{summary: x}", ["/pay", "paid"]),
        ("$..post", "{summary: x}", ["/pay", "paid"]),
        ("$.paths['/pay'][?$.info && @.operationId]", "{summary: x}", ["/pay", "paid"]),
    ],
)
def test_an_overlay_reads_the_files_that_it_may_change(
    target: str, update: str, read: list[str], root: Path
) -> None:
    """Whatever cannot be told from the target alone is read whole, and laid on what is there."""
    overlay = ours(root.parent, f'  - target: "{target}"\n    update: {update}\n')
    known = load(overlay)
    unread = {str(at[-1]) for at in known.document.unread}
    assert [name for name in ("/pay", "paid") if name not in unread] == read
    assert known.document.data == load(overlay, document=root).document.data


@pytest.mark.parametrize(
    "action",
    [
        "  - {target: $.webhooks.paid.post, update: {tag: [x]}}\n",
        "  - {target: $.components.schemas.Money, update: {minimum: 1}}\n",
        "  - {target: $.components.schemas.Id, remove: true}\n",
    ],
)
def test_a_mistake_is_told_when_the_overlay_is_laid_on(action: str, root: Path) -> None:
    """Not when somebody first needs an operation."""
    with pytest.raises(DocumentError):
        load(ours(root.parent, action))


def test_a_root_that_is_no_document_is_refused_as_such(root: Path) -> None:
    """Parts of it that are not what they should be mislead nobody."""
    root.write_text(root.read_text().replace("  x-outcomes:\n", "  responses: 1\n  x-outcomes:\n"))
    with pytest.raises(DocumentError, match="responses is not a mapping"):
        load(ours(root.parent, "  - {target: $.components.schemas.Mon, update: {type: string}}\n"))
