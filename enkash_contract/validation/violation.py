"""Violations, the values that validation yields, and how an invalid value is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from enkash_contract.secrets.redaction import BY_NAME
from enkash_contract.wire.printing import Printed

if TYPE_CHECKING:
    from enkash_contract.contract.evidence import Evidence
    from enkash_contract.contract.rules import Rule
    from enkash_contract.place import Place
    from enkash_contract.secrets.redaction import Secrets

ENVELOPE = frozenset("method path content-type content-type-present content-type-single".split())
"""Keywords that speak of a request and not of what it carries."""

SHOWN = 60
"""How many characters of an invalid value are shown."""


REACH = 200
"""How many levels of nesting the engine is shown; it gives up at 255."""


@dataclass(frozen=True, slots=True)
class Violation(Printed):
    """An instance breaks a rule.

    `pointer` leads into the instance, `line` to the text of it (0 when there is no text), and
    `document` to the rule. `actual` is the value that was there, shortened.
    """

    rule: Rule
    pointer: str
    expected: str
    actual: str
    line: int = 0

    @property
    def evidence(self) -> Evidence:
        """The evidence that the broken rule rests on."""
        return self.rule.evidence

    @property
    def document(self) -> Place:
        """Where the broken rule stands in the document."""
        return self.rule.place

    @property
    def message(self) -> str:
        """One sentence: where, what was expected, what was there."""
        whole = "the request" if self.rule.keyword in ENVELOPE else "the payload"
        return f"{one_line(self.pointer) or whole} {self.expected}, but {self.actual}"

    def shown(self, named: str) -> str:
        """Return it with its rule, by that name, and the evidence."""
        return f"{self.message} [{named}, {self.evidence}, {self.document}]"

    def __str__(self) -> str:
        return self.shown(self.rule.id)


def tame(value: Any, depth: int = REACH) -> Any:
    """Copy JSON without what the engine cannot read: lone surrogates, and great depth.

    One character stands for one, so lengths stay; nothing of the document lies as deep as the cut.
    """
    if isinstance(value, str):
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in value)
    if isinstance(value, dict):
        below = value.items() if depth else ()
        return {tame(key): tame(one, depth - 1) for key, one in below}
    if isinstance(value, list):
        return [tame(one, depth - 1) for one in value] if depth else []
    return value


def shorten(value: object, secrets: Secrets = BY_NAME) -> str:
    """Write `value` as JSON on one line, cut where it grows long, without the secrets in it."""
    try:
        text = orjson.dumps(value).decode()
    except TypeError:
        if isinstance(value, (dict, list)):
            text = _written_anyhow(value)
        else:
            text = ascii(value) if isinstance(value, str) else str(value)
    # What is cut may be a part of a secret, so a little more is looked at than is shown.
    text = one_line(secrets.hide_start(text, SHOWN))
    if len(text) <= SHOWN:
        return text
    size = f" ({len(value):,} characters)" if isinstance(value, str) else ""
    return f"{text[: SHOWN - 1]}…{size}"


def _written_anyhow(value: object) -> str:
    """Write a value as JSON that is too deep for that, or name its type."""
    try:
        return orjson.dumps(tame(value)).decode()
    except TypeError:
        return f"a {type(value).__name__}"


def one_line(text: str) -> str:
    """Write `text` so that it prints anywhere, and on one line."""
    return text if text.isprintable() else ascii(text)[1:-1]
