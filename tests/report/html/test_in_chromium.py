"""The pages in a real browser: silent, alone, accessible, and with all that they can do working."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.report.html import contract
from enkash_contract.report.html.write import write
from tests.recorders.processes import RecorderError, executable
from tests.support.browsing import PROGRAMS, Tab, browser
from tests.support.pages import hostile, usual
from tests.support.paths import TOOLS
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.report.document import Report

AXE = TOOLS / "node_modules" / "axe-core" / "axe.min.js"

VIEWS = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
"""The widths in pixels, and the colours, in which pages are looked at."""

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

OPEN_ALL = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"

PROBLEMS = """axe.run({resultTypes: ["violations"]}).then(({violations}) => violations.map(
  ({id, nodes}) => `${id}: ${nodes.slice(0, 3).map(({html}) => html.slice(0, 200)).join(" ")}`))"""

SHOWN = """[".rule", ".chip", ".cause", ".member"].map((each) =>
  [...document.querySelectorAll(each)].filter((element) => !element.closest("[hidden]")).length)"""


@pytest.mark.slow
@pytest.mark.recorder
def test_pages_in_chromium(tmp_path: Path) -> None:
    """Nothing is logged or asked for, nothing is too wide, axe finds nothing, and all works."""
    try:
        executable(*PROGRAMS)
    except RecorderError as problem:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(problem))
    if not AXE.exists() and not os.environ.get("CI"):
        pytest.skip("axe-core is not there; `npm install --prefix tests/tools` installs it")
    document = small(
        tmp_path, {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    )
    pages = {
        "usual": page_of(short(usual())),
        "hostile": page_of(short(hostile(40))),
        "contract": contract.text(document, "sibling"),
    }
    files = {name: tmp_path / f"{name}.html" for name in pages}
    for name, page in pages.items():
        files[name].write_text(page, encoding="utf-8")
    with browser() as tab:
        seen = {
            name: looked_at(tab, file, VIEWS if name == "usual" else VIEWS[1:3])
            for name, file in files.items()
        }
        worked = used(tab, files["usual"])

    assert seen == {
        name: [f"asked for {file.as_uri()}"] * (4 if name == "usual" else 2)
        for name, file in files.items()
    }
    assert worked == {
        "copied": True,
        "listed": [0, 50, 63],
        "of one severity": [1, 1, 1, 2],
        "said": "1 of 4 causes, 1 of 54 rules",
        "of a text": [9, 9, 4, 4],
        "of nothing": [0, 0, 0, 0],
        "cleared": True,
        "closed": [0, 4],
        "led to": "cause-3",
        "noise": [],
    }


def short(report: Report) -> Report:
    """Return a report with fewer rules: axe takes its time for each element."""
    (operation,) = report.operations
    rules = tuple(rule for rule in operation.rules if not rule.pointer.startswith("/inv"))
    return replace(report, operations=(replace(operation, rules=rules),))


def page_of(report: Report) -> str:
    """Return the page of a report."""
    stream = io.StringIO()
    write(report, stream)
    return stream.getvalue()


def looked_at(tab: Tab, file: Path, views: list[tuple[int, str]]) -> list[str]:
    """Return all that is to be said of a page in some views."""
    said = []
    for width, scheme in views:
        tab.look(width, scheme)
        tab.open(file)
        too_wide = tab.tell(WIDER)
        tab.tell(OPEN_ALL)
        too_wide = max(too_wide, tab.tell(WIDER))
        said += [f"{too_wide} pixels too wide at {width}"] if too_wide else []
        said += [f"asked for {address}" for address in tab.asked()]
        said += [f"heard {noise}" for noise in tab.noise()]
        # What axe itself does to the page is not to be heard.
        tab.tell(f"{AXE.read_text(encoding='utf-8')}; 0")
        said += [f"axe at {width}, {scheme}: {problem}" for problem in tab.tell(PROBLEMS)]
    return said


def used(tab: Tab, file: Path) -> dict[str, Any]:
    """Return what came of using a report as a person does."""
    tab.look(1280)
    tab.open(file)
    before = tab.tell(SHOWN)
    known: dict[str, Any] = {}
    tab.tell("document.querySelector('.copy').click()")
    command = tab.tell("document.querySelector('.command code').textContent")
    known["copied"] = tab.tell("navigator.clipboard.readText()") == command != ""

    items = "document.querySelectorAll('#cause-2 ol > li').length"
    known["listed"] = [tab.tell(items)]
    for click in ("findings > summary", "more"):
        tab.tell(f"document.querySelector('#cause-2 .{click}').click()")
        tab.tell("new Promise((resolve) => setTimeout(resolve, 20))")
        known["listed"].append(tab.tell(items))

    choose(tab, "severity", "waived")
    known["of one severity"] = tab.tell(SHOWN)
    known["said"] = tab.tell("document.querySelector('[role=status]').textContent")
    choose(tab, "severity", "")
    choose(tab, "text", "B2BIDS")
    known["of a text"] = tab.tell(SHOWN)
    choose(tab, "state", "masked")
    known["of nothing"] = tab.tell(SHOWN)
    tab.tell("document.querySelector('[type=reset]').click()")
    tab.tell("new Promise((resolve) => setTimeout(resolve, 20))")
    known["cleared"] = tab.tell(SHOWN) == before

    counts = "document.querySelectorAll('.cause[open]').length"
    known["closed"] = []
    for way in ("close", "open"):
        tab.tell(f"document.querySelector('[data-all={way}]').click()")
        known["closed"].append(tab.tell(counts))
    tab.tell("document.querySelector('.rule a[href^=\"#cause\"]').click()")
    known["led to"] = tab.tell("document.querySelector('.cause:target').id")
    known["noise"] = tab.noise()
    return known


def choose(tab: Tab, name: str, value: str) -> None:
    """Set a filter."""
    tab.tell(
        f"""(() => {{
          const field = document.querySelector('.filters [name={name}]');
          field.value = {value!r};
          field.dispatchEvent(new Event('input', {{bubbles: true}}));
        }})()"""
    )
