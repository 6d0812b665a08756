"""A page is one file that asks for nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract import report
from enkash_contract.errors import UsageError
from enkash_contract.report.html import page
from enkash_contract.report.html.page import embedded, policy, visible


@given(st.text(st.characters()))
def test_what_is_visible_hides_nothing(text: str) -> None:
    """Every character is shown, or an escape in its place; what is printable stays."""
    shown = visible(text)

    assert shown.isprintable()
    assert not text.isprintable() or shown == text


def test_what_is_visible_examples() -> None:
    """Orders of writing, terminals, line ends and halves of characters."""
    assert visible("a\u202eb\x1b[1m\u2028\ud800\t") == "a\\u202eb\\x1b[1m\\u2028\\ud800\\t"
    assert visible("x" * 11, 10) == "xxxxxxxxxx… (+1 characters)"


@given(st.recursive(st.text() | st.integers(), st.lists))
def test_embedded_data(data: object) -> None:
    """It reads back, and holds nothing that could end its element."""
    text = embedded(data)

    assert json.loads(text) == data
    assert not set("<>&") & set(text)
    assert text.isascii()


def test_policy() -> None:
    """Nothing but the one style and the one script, each by its hash."""
    hashes = [base64.b64encode(hashlib.sha256(text).digest()).decode() for text in (b"a{}", b"b()")]
    assert policy("a{}", "b()") == (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_without_jinja(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its absence is one sentence with the remedy."""
    monkeypatch.setattr(report, "NEEDED", {"html": "no_such_package"})
    message = "html needs no_such_package: pip install 'enkash-contract[report]'"
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        page.render("contract.html.jinja", {})


def test_templates_name_no_address() -> None:
    """Neither styles nor scripts nor templates ask for anything."""
    folder = resources.files(page.TEMPLATES)
    texts = {
        entry.name: entry.read_text("utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith((".css", ".js", ".jinja"))
    }

    assert [name for name, text in texts.items() if re.search(r"https?:|url\(|@import", text)] == []
    assert sorted(texts) == [
        "contract.html.jinja",
        "macros.jinja",
        "page.css",
        "page.js",
        "report.html.jinja",
    ]


def test_the_environment_is_made_once() -> None:
    """Whichever page comes first."""
    page._environment.cache_clear()
    assert page._environment() is page._environment()
