"""A reader of what a runner of GitHub Actions is printed, as the runner reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Command(NamedTuple):
    """A workflow command."""

    name: str
    properties: dict[str, str]
    message: str


def commands(text: str) -> Iterator[Command]:
    """Yield the commands in lines of output; none is known while they are stopped."""
    token = ""
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        command = _command(line)
        if token:
            token = "" if line.strip() == f"::{token}::" else token
        elif command is not None and command.name == "stop-commands":
            token = command.message
        elif command is not None:
            yield command
    assert not token, "the commands are never resumed"


def _command(line: str) -> Command | None:
    before, mark, old = line.partition("##[")
    line = line.lstrip()
    if line.startswith("::"):
        head, _, message = line[2:].partition("::")
        name, _, properties = head.partition(" ")
        pairs = (pair.partition("=") for pair in properties.split(",") if pair)
        read = {key.strip(): _read(value, ":,%") for key, _, value in pairs}
        return Command(name, read, _read(message, "%"))
    if mark:
        return Command(old.partition("]")[0], {}, before)
    return None


def _read(text: str, more: str) -> str:
    for char in f"\r\n{more}":
        text = text.replace(f"%{ord(char):02X}", char)
    return text
