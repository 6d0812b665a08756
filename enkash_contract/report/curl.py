"""A request as a curl line that sends it again, as it stands, with no secret in it.

Secrets are left to the environment: the value of a header as `$ENKASH_AUTHORIZATION`, that of
a member of the body as `$ENKASH_BODY_PASSWORD`, just as it stands between the quotes there.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from enkash_contract.secrets import redaction
from enkash_contract.secrets.redaction import Variable
from enkash_contract.wire.message import header, shown_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.secrets.redaction import Secrets
    from enkash_contract.wire.message import Request

IMPLIED = frozenset(
    "host content-length content-type connection accept accept-encoding accept-language user-agent "
    "content-encoding expect origin priority referer transfer-encoding".split()
)
"""Headers that stand in a line anyway, that curl sends of itself, or that say nothing about the
request. A body is shown as it was before it was packed, so it is in no content coding."""


UNSPEAKABLE = "its body spells a secret in a way in which no variable can stand for it"
"""The reason why a request cannot be written down."""


def shell_word(text: str, secrets: Secrets) -> str:
    """Return `text` as a word of a command, its secrets taken from the environment."""
    pieces = secrets.pieces(text.encode("utf-8", "surrogateescape"))
    return shlex.quote(secrets.hide(text)) if pieces is None else _word(pieces)


def _word(pieces: list[bytes | Variable]) -> str:
    words = (
        f'"${piece.name}"'
        if isinstance(piece, Variable)
        else shlex.quote(piece.decode("utf-8", "surrogateescape"))
        for piece in pieces
    )
    return "".join(words) or "''"


def target_words(url: str) -> list[str]:
    """Return an address as words of a command of ours: its user is sent as a header."""
    before, _, query = url.partition("?")
    address = shlex.quote(shown_url(url)) + ('"?$ENKASH_QUERY"' if query else "")
    # It may be no address that can be taken apart: its use reports that.
    if "@" not in before.partition("//")[2].partition("/")[0]:
        return [address]
    user = """$(printf %s "$ENKASH_USER" | base64 | tr -d '\\n')"""
    return [address, "-H", f'"Authorization: Basic {user}"']


def secret_headers(request: Request) -> list[str]:
    """Name the headers of `request` that belong to it and whose values may be secret."""
    return [
        name
        for name, _ in request.headers
        if name.lower() not in IMPLIED and not name.lower().startswith((":", "sec-"))
    ]


def variable(name: str) -> str:
    """Return the environment variable that stands for the value of the header `name`."""
    return "ENKASH_" + re.sub(r"\W", "_", name, flags=re.ASCII).upper()


def header_option(name: str) -> str:
    """Return the option that sends the header `name`, its value taken from the environment."""
    # A name comes from a recording, which anyone may have written: it is quoted too.
    plain = re.fullmatch(r"[\w-]+", name, re.ASCII)
    shown = f'"{name}: ' if plain else shlex.quote(f"{name}: ") + '"'
    return f'-H {shown}${variable(name)}"'


def curl(request: Request, secrets: Secrets | None = None) -> str:
    """Return a curl line that sends `request`; secrets become `$ENKASH_…` variables.

    It is empty where the body spells a secret in a way in which no variable can stand for it.
    """
    known = secrets or redaction.of_request(request)
    pieces = known.pieces(request.body or b"")
    if pieces is None:
        return ""
    # With -X HEAD, curl waits for a body that never comes.
    method = ["-I"] if request.method == "HEAD" else ["-i", "-X", shlex.quote(request.method)]
    line = ["curl", "-sS", *method]
    if urlsplit(request.url).username:
        line += ["-u", '"$ENKASH_USER"']
    # A query may hold a key, so it is named like a header and not shown.
    line.append(target_words(request.url)[0])
    labels = [value for name, value in request.headers if name.lower() == "content-type"]
    for text in [f"Content-Type: {label}" for label in labels] or ["Content-Type:"]:
        line += ["-H", shlex.quote(text)]
    line += [header_option(name) for name in secret_headers(request)]
    line += [word for text in _framing(request) for word in ("-H", shlex.quote(text))]
    if request.body is None or not (request.sized or request.body):
        return " ".join(line)
    if _is_a_word(pieces):
        return " ".join([*line, "--data-binary", _word(pieces)])
    return f"{_printed(pieces)} | {' '.join([*line, '--data-binary', '@-'])}"


def _framing(request: Request) -> Iterator[str]:
    """Yield the headers that say how a case of ours has its body sent; curl goes by them."""
    if not request.sized and header(request.headers, "transfer-encoding") is not None:
        yield "Transfer-Encoding: chunked"
    if header(request.headers, "expect") is not None:
        yield "Expect: 100-continue"


def _is_a_word(pieces: list[bytes | Variable]) -> bool:
    """Return whether a body can be the argument of a command, where a first `@` names a file."""
    try:
        texts = ["" if isinstance(piece, Variable) else piece.decode() for piece in pieces]
    except UnicodeDecodeError:
        return False
    whole = "".join(texts)
    # The value of a variable is not known here: it may begin with an `@`.
    named = texts and (texts[0] == "" or texts[0].startswith("@"))
    return len(whole) <= LONG and whole.isprintable() and not named


LONG = 2_000
"""More characters than this are piped: the length of a command's argument has a limit."""

_RUN = re.compile(rb"([A-Za-z0-9\[\]])\1{999,}")
"""The same a thousand times: written as a command, so that a person can read the line."""


def print_command(pieces: list[bytes | Variable]) -> str:
    """Return the commands that print a body, in one word where that can be read."""
    return f"printf %s {_word(pieces)}" if _is_a_word(pieces) else _printed(pieces)


def _printed(pieces: list[bytes | Variable]) -> str:
    """Return the commands that print a body."""
    parts: list[str] = []
    for piece in pieces:
        if isinstance(piece, Variable):
            parts.append(f'printf %s "${piece.name}"')
        else:
            parts += _commands(piece)
    return parts[0] if len(parts) == 1 else f"{{ {'; '.join(parts)}; }}"


def _commands(body: bytes) -> Iterator[str]:
    start = 0
    for run in _RUN.finditer(body):
        yield _printf(body[start : run.start()])
        yield f"head -c {len(run[0])} /dev/zero | tr '\\0' '{run[1].decode()}'"
        start = run.end()
    yield _printf(body[start:])


def _printf(body: bytes) -> str:
    return f"printf -- '{''.join(map(_octal, body))}'"


def _octal(byte: int) -> str:
    char = chr(byte)
    plain = char.isascii() and char.isprintable() and char not in "'\\%"
    return char if plain else f"\\{byte:03o}"
