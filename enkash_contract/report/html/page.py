"""A page: a template rendered into one file that asks for nothing and runs its own script alone.

What stands in a page may come from a hostile server. Three things keep it harmless: the template
engine escapes every value, `visible` has shown before what a value would hide, and the policy in
the page names the hashes of the only style and the only script that a browser may use.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from importlib import resources
from typing import TYPE_CHECKING, Any

from enkash_contract import report
from enkash_contract.errors import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

LONGEST = 800
"""So many characters of one value are shown at most."""


class Whole(str):
    """A text that is of no use when it is cut, such as a command."""

    __slots__ = ()


TEMPLATES = "enkash_contract.report.templates"


def render(template: str, context: Mapping[str, Any], data: Any = None) -> str:
    """Return a page; `data` is what its script reads.

    Raises:
        UsageError: Jinja2 is not installed.

    """
    report.check("html")
    environment = _environment()
    from markupsafe import Markup

    style, script = (_static(name) for name in ("page.css", "page.js"))
    return environment.get_template(template).render(
        **context,
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        data=Markup(embedded(data)),  # noqa: S704 - nothing in it ends a script
        policy=policy(style, script),
    )


def policy(style: str, script: str) -> str:
    """Return the content security policy of a page with that style and that script."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def embedded(data: Any) -> str:
    """Return `data` as JSON that may stand in a script element: no `<` can end it."""
    text = json.dumps(data, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def visible(text: str, most: int = LONGEST) -> str:
    """Return the beginning of `text`, with an escape for each character that hides something."""
    if len(text) <= most:
        return printable(text)
    return f"{printable(text[:most])}… (+{len(text) - most:,} characters)"


def _shown(value: Any) -> Any:
    """Return a value as templates show it; what is markup already is left alone."""
    if isinstance(value, Whole):
        return printable(value)
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


@functools.cache
def _static(name: str) -> str:
    return resources.files(TEMPLATES).joinpath(name).read_text("utf-8").strip()


@functools.cache
def _environment() -> Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FunctionLoader(_static),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
