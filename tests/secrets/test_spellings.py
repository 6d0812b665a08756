"""The spellings of a value that depend on what stands around it."""

from __future__ import annotations

import base64
import quopri

from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.secrets.spellings import encoded, escaped

values = st.text("QZ0é%+/\\", min_size=4, max_size=20)
around = st.binary(max_size=6)


@given(values, around, around)
def test_a_value_is_part_of_what_is_encoded_with_it(
    value: str, before: bytes, after: bytes
) -> None:
    """Whatever stands before and behind it, in base64 once and twice, base32 and hexadecimal."""
    raw = before + value.encode() + after
    spelled = list(encoded(value))
    once = base64.b64encode(raw)

    for text in (once, base64.urlsafe_b64encode(raw), base64.b32encode(raw)):
        assert any(part in text.decode() for part in spelled if part)
    assert any(part in base64.b64encode(once).decode() for part in spelled if len(part) >= 4)
    assert value.encode().hex() in spelled


@given(values)
def test_a_value_is_escaped_as_in_a_mail(value: str) -> None:
    """Only where that differs, or all of it."""
    spelled = list(escaped(value))
    quoted = quopri.encodestring(value.encode()).decode().replace("=\n", "")

    assert quoted in (value, *spelled)
    assert "".join(f"={byte:02X}" for byte in value.encode()) in spelled
    assert ("\0".join(value) in spelled) == ("\\" in value)
