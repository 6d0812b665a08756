"""How well it is known that a receiver must reject a request, or accept it.

What a sender must keep is one claim, what a receiver must do another: nothing published obliges a
reader of JSON to be strict, and nothing says how to count the characters of a text. So what is
known of a rule is less where the bytes themselves leave room for a lawful receiver to differ. A
crash is not spoken of here: no tolerance excuses it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.validation.validator import validator
from enkash_contract.wire import strict_json
from enkash_contract.wire.lenient_json import may_be_read

if TYPE_CHECKING:
    from collections.abc import Collection

    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule

ASSUMED = Evidence(Level.ASSUMED)

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_MAY_BE_ASTRAL = re.compile(rb"[\xf0-\xf4]|\\u[dD][89abAB]")
_UNITS = "\ue000" * 2
"""Two characters that count as one each, whoever counts, for one that may count as two."""


def of_rejection(operation: Operation, rule: Rule, body: bytes | None) -> Evidence:
    """Return the evidence that a request with this `body`, which breaks `rule`, must be rejected.

    It is the rule's own claim on receivers; less for JSON that lenient readers take, and for a text
    that is too short only if it is counted in characters.
    """
    raw = body or b""
    if rule.keyword == "json" and may_be_read(raw):
        return ASSUMED
    if rule.path and rule.id not in _broken_in_utf16(operation, raw, {rule.id}):
        return ASSUMED
    return rule.receiver


def of_acceptance(
    operation: Operation, evidence: Evidence, body: bytes, known: Collection[str] = ()
) -> Evidence:
    """Return the evidence that a valid request with this `body` must be accepted.

    It is `evidence`, or less for a text that is too long if it is counted in UTF-16, as JavaScript
    and Java do. The rules that are `known` to be broken are the baseline's affair.
    """
    return ASSUMED if {*_broken_in_utf16(operation, body, ())} - {*known} else evidence


def _broken_in_utf16(
    operation: Operation, raw: bytes, otherwise: Collection[str]
) -> Collection[str]:
    """Return the ids of the rules that `raw` breaks if it is counted in units of UTF-16.

    Where no character counts as two, that is `otherwise`.
    """
    if not _MAY_BE_ASTRAL.search(raw):
        return otherwise
    payload = strict_json.decode(raw)[0]
    wide = _widened(payload)
    if wide == payload:
        return otherwise
    return {violation.rule.id for violation in validator(operation).of_json(wide)}


def _widened(value: Any) -> Any:
    """Copy JSON with two characters for each that takes two units of UTF-16."""
    if isinstance(value, str):
        return _ASTRAL.sub(_UNITS, value)
    if isinstance(value, dict):
        return {name: _widened(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [*map(_widened, value)]
    return value
