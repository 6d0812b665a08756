"""Texts like any other, of which some servers make something else, or which they reject.

All of them keep the rules of most texts, and each is rejected somewhere: by languages in which "0"
is false, by forms that write "null" for an empty field, by firewalls that take `<` for an attack,
by columns in Latin-1 or in the basic plane of Unicode only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.generation.families.reject_text import shape_of
from enkash_contract.generation.patterns import ASTRAL

if TYPE_CHECKING:
    from typing import Any

    from enkash_contract.generation.families.reject import Named, Schema

_WORDS = {"zero": "0", "null": "null", "none": "none", "undefined": "undefined", "nan": "NaN"}

TEXTS = {
    **{f"word-{name}": word for name, word in _WORDS.items()},
    "markup": "& < > '",
    "right-to-left": "فاتورة חשבונית",
    "indic-scripts": "বিল விலை బిల్లు",
}
"""What readers take for nothing, what firewalls take for an attack, and scripts that fonts lack."""

_UTF_16_UNITS = 2
"""How often one character beyond the basic plane counts, where UTF-16 is counted."""


def odd_texts(schema: Schema, valid: Any) -> Named:
    """Each of these texts, and one character beyond the basic plane alone."""
    if not isinstance(valid, str):
        return
    yield from TEXTS.items()
    shape = shape_of(schema) if "pattern" in schema else None
    bounds = [None if shape is None else shape.longest, schema.get("maxLength")]
    # Where nothing published says how characters are counted, none may be counted twice.
    if all(bound is None or bound >= _UTF_16_UNITS for bound in bounds):
        yield "astral-alone", ASTRAL


def odd_texts_without_pattern(schema: Schema, valid: Any) -> Named:
    """The same texts, where no pattern beside the type says which are valid."""
    if "pattern" not in schema:
        yield from odd_texts(schema, valid)
