"""Which names make a secret of a value, and where such values stand in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.secrets import secret_names
from enkash_contract.secrets.secret_names import HIDDEN


@pytest.mark.parametrize(
    "name",
    "password Password newPassword passwd token accessToken access_token refresh-token tokens "
    "ACCESSTOKEN secret clientSecret apiKey api_key x-api-key Authorization credential credentials "
    "cookie Set-Cookie sessionId JSESSIONID otp OTP loginOtp otpCode otp_value pin MPIN userPIN "
    "cvv private_key privateKey auth sid jwt user[password] token2 secretValue".split(),
)
def test_names_of_secrets(name: str) -> None:
    """However its words are joined, a name tells a secret."""
    assert secret_names.is_secret(name)


@pytest.mark.parametrize(
    "name",
    "pinCode pincode shipping spinner tokenType token_type expiresIn key keys author tag.value "
    "value status code response_code passenger bypass keyword opinion laptop 字 _ 42 tokenizer "
    "secretary objectId session".split(),
)
def test_names_of_other_things(name: str) -> None:
    """A postal code, a type of token and a count are none."""
    assert not secret_names.is_secret(name)


@given(st.text("ab=:\"'{}[], \n"), st.sampled_from(["otp", "password", "apiKey"]))
def test_values_are_found_within_the_text(text: str, name: str) -> None:
    """Whatever stands around, each value is a part of the text, and never one that says nothing."""
    text = f'{text}"{name}":{text}'
    for start, end, called in secret_names.find(text):
        assert 0 <= start < end <= len(text)
        assert (secret_names.is_secret(called), text[start:end] != HIDDEN) == (True, True)


def test_a_described_name_is_no_secret() -> None:
    """What the document has rules for is data like any other."""
    text = '{"otp":"1234","password":"abcd"}'
    found = secret_names.find(text, frozenset({"otp"}))
    assert [(text[start:end], name) for start, end, name in found] == [("abcd", "password")]


@pytest.mark.parametrize("value", [HIDDEN, "null", "true", "undefined"])
def test_a_word_for_nothing_is_no_secret(value: str) -> None:
    """What was hidden before, or is not there, is not found."""
    assert list(secret_names.find(f'{{"password":"{value}"}}')) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        # A structure in a structure, closed and cut off.
        ('{"token":{"password":{"a":"x1"},"b":["x2"]},"pin":{"c":"x3"}}', {"x1", "x2", "x3"}),
        ('{"token":{"password":{"a":"x1"', {"x1"}),
        # A field is within one tag, its name before its value.
        ('<input name=token name=b value="x1"><i name=a value="y"> value="z"', {"x1"}),
        # A token has a header, a payload, and a signature or none.
        ("a.eyJhbGciOi.abc.def.ghi, eyJhbGciOi.b, eyJa.eyJhbGciOi.xyz", {"eyJhbGciOi.abc.def"}),
    ],
)
def test_values_in_notations_that_nest(text: str, values: set[str]) -> None:
    """Each is found once or more, and nothing beside them."""
    found = {text[start:end] for start, end, _ in secret_names.find(text)}
    assert found - {"eyJhbGciOi.xyz"} == values
