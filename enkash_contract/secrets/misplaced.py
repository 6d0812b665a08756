"""Secrets in a place where a person did not mean to write them, such as a mistyped command.

A message quotes what is wrong, and that may be a token in the place of a name, or an address with a
password. What can only be a credential is hidden there, whatever else the message says.
"""

from __future__ import annotations

import re

from enkash_contract.secrets.secret_names import HIDDEN

_USER = re.compile(
    r"""(?<=://)(?:[^\s/'"@]{1,500}+@|[^\s/'"@:]{0,500}+:(?!\d{0,5}[/?#])[^\s'"@]{1,500}+@)"""
)

_SCHEME = re.compile(r"(?i:\b(bearer|basic)) +(?=\S*[\d_.+/=])[\w.~+/=\-]{6,}")

_JWT = re.compile(r"\beyJ[\w\-.]{3,}")

_VARIABLE = re.compile(r"[A-Z]{1,16}\d{0,2}(?:_[A-Z]{0,16}\d{0,2}){0,6}")

_PROGRAM = re.compile(
    r"(?:\.{0,2}|~|[A-Za-z]:)[/\\].*|(?:[a-z]{1,12}-)*[a-z]{1,12}(?:\d(?:\.\d+)?)?(?:\.[a-z]{2,4})?"
)


def without_credentials(text: str) -> str:
    """Return `text` without the users of addresses, bearer tokens, and JSON web tokens."""
    text = _USER.sub("", text)
    return _JWT.sub(HIDDEN, _SCHEME.sub(rf"\1 {HIDDEN}", text))


def is_variable(name: str) -> bool:
    """Return whether `name` is the name of an environment variable, and surely no token."""
    return _VARIABLE.fullmatch(name) is not None


def is_program(name: str) -> bool:
    """Return whether `name` is written like the name of a program, and surely no token."""
    return _PROGRAM.fullmatch(name) is not None
