"""Canaries planted in recordings: in every place that holds a text and is not needed to judge.

The recordings are those that real recorders wrote, so each place is one that a program writes.
What has to stay for an exchange to be understood is listed by name in `NEEDED`; everything else
becomes a canary, and every object gets more members than it had.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import yaml

from enkash_contract.contract.contract import bundled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MARK = "Cnry7Zq9"
"""The beginning of every canary."""

OURS = bundled().pick().path

NEEDED = frozenset(
    "method mimeType encoding mode protocol host port path type data base64_string code "
    "status_code statusCode version".split()
)
"""Members whose texts say how an exchange is to be read."""

NAMES = frozenset({"name", "key"})
PLAIN_HEADERS = frozenset(
    "allow connection content-encoding content-length content-type date expect location "
    "retry-after server transfer-encoding x-request-id".split()
)
"""Headers whose values are shown, because they hold no secret."""

BODIES = frozenset({"text", "raw", "string", "body", "content", "$base64"})
AS_THEY_ARE = frozenset({"body", "stream", "url"})
"""Members whose objects stand for one value: another member would make another value of them."""


class _Loader(yaml.CSafeLoader):
    """Loads what Ruby writes, too."""


def _binary(loader: Any, node: Any) -> bytes:
    return base64.b64decode(loader.construct_scalar(node))


yaml.add_constructor("!binary", _binary, _Loader)


def loaded(file: Path) -> list[Any]:
    """Return the values of a recording: one, or one a line."""
    if file.suffix in (".yaml", ".yml"):
        return [yaml.load(file.read_bytes(), _Loader)]  # noqa: S506 - a safe one
    lines = file.read_bytes().splitlines() if file.suffix == ".ndjson" else [file.read_bytes()]
    # nginx writes bytes that are no text as they are.
    return [json.loads(line.decode("utf-8", "replace")) for line in lines]


def dumped(values: list[Any], file: Path) -> bytes:
    """Return the text of a recording of that name."""
    if file.suffix in (".yaml", ".yml"):
        text = yaml.dump_all(values, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        return bytes(text, "utf-8")
    indent = None if file.suffix == ".ndjson" else 1
    return b"\n".join(json.dumps(value, indent=indent).encode() for value in values)


def planted(value: Any, place: str = "") -> Any:
    """Return a value with canaries in it that are named after their places."""
    name = place.rpartition(".")[2]
    if isinstance(value, dict):
        return _object(value, place, name)
    if isinstance(value, list):
        return [planted(item, place) for item in value]
    return _text(value, place, name) if isinstance(value, str) else value


def _object(value: dict[str, Any], place: str, name: str) -> dict[str, Any]:
    owner = {**value}
    if name == "body" and not owner.keys() & BODIES:
        # The object that a library was to write as JSON.
        return {**owner, "accessToken": f"{MARK}-{place}.accessToken"}
    if "value" in owner and NAMES & owner.keys():
        title = str(next(owner[name] for name in NAMES if name in owner))
        return owner if title.lower() in PLAIN_HEADERS else {**owner, "value": f"{MARK}-{place}"}
    found = {}
    for member, content in owner.items():
        is_plain = name == "headers" and member.lower() in PLAIN_HEADERS
        found[member] = content if is_plain else planted(content, f"{place}.{member}")
    if name not in AS_THEY_ARE:
        found |= {"comment": f"{MARK}-{place}.comment", "token": f"{MARK}-{place}.token"}
    return found


def _text(value: str, place: str, name: str) -> str:
    if name in NEEDED:
        return value
    if name in ("url", "uri"):
        return _address(value, place)
    if name in BODIES:
        return _body(value, place)
    if name == "_file":
        return value
    if name == "redirectURL":
        return f"/next?key={MARK}-{place}"
    return f"{MARK}-{place}"


def _address(value: str, place: str) -> str:
    scheme, separator, rest = value.partition("://")
    if not separator:
        return value
    return f"{scheme}://{MARK}{place}:{MARK}-password@{rest}?key={MARK}-query"


def _body(value: str, place: str) -> str:
    """Return a body whose object has a secret more, or the text itself where it is no object."""
    try:
        payload = json.loads(value)
    except ValueError:
        return value
    if not isinstance(payload, dict):
        return value
    return json.dumps({**payload, "accessToken": f"{MARK}-{place}.accessToken"})


def exchanges(value: Any) -> Iterator[dict[str, Any]]:
    """Yield each object in a recording that holds a request to our operation and its response."""
    if isinstance(value, dict):
        if isinstance(value.get("request"), dict) and "response" in value and _is_ours(value):
            yield value
        else:
            for item in value.values():
                yield from exchanges(item)
    elif isinstance(value, list):
        for item in value:
            yield from exchanges(item)


def _is_ours(exchange: dict[str, Any]) -> bool:
    sent = exchange["request"]
    url = sent.get("url") or sent.get("uri") or ""
    return OURS in (url if isinstance(url, str) else "/" + "/".join(url.get("path", [])))


def _set(*path: str, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(exchange: dict[str, Any]) -> None:
        owner: Any = exchange
        for name in path[:-1]:
            owner = owner[name]
            if not isinstance(owner, dict):
                return
        owner[path[-1]] = to

    return change


SECRET = f"{MARK}-broken"
BREAKAGES = (
    _set("request", to=SECRET),
    _set("request", to=[SECRET]),
    _set("request", "url", to=[SECRET]),
    _set("request", "url", to=f"http://[{SECRET}{OURS}"),
    _set("request", "uri", to=f"http://{SECRET}:{SECRET}@[{SECRET}{OURS}?{SECRET}"),
    _set("request", "method", to=[SECRET]),
    _set("request", "headers", to=SECRET),
    _set("request", "headers", to={"X-Broken": [SECRET, {SECRET: 1}]}),
    _set("request", "postData", to=SECRET),
    _set("request", "postData", to={"text": f"!accessToken={SECRET}", "encoding": "base64"}),
    _set("request", "postData", to={"text": {SECRET: SECRET}, "encoding": SECRET}),
    _set("request", "postData", to={"_file": f"{SECRET}.json"}),
    _set("request", "postData", to={"_file": f"../{SECRET}/{SECRET}.json"}),
    _set("request", "body", to={"accessToken": {"one": [SECRET]}}),
    _set("request", "body", to={"base64_string": f"!accessToken={SECRET}"}),
    _set("request", "body", to={"string": f"accessToken={SECRET}"}),
    _set("response", to=SECRET),
    _set("response", to=None),
    _set("response", to={}),
    _set("response", "status", to=SECRET),
    _set("response", "status", to={"code": SECRET}),
    _set("response", "status", to=0),
    _set("response", "headers", to=[SECRET]),
    _set("response", "content", to=[SECRET]),
    _set("response", "content", to={"text": f"!accessToken={SECRET}", "encoding": "base64"}),
    _set("response", "content", to={"_file": f"{SECRET}.json", "size": 12}),
    _set("response", "body", to=[{"token": SECRET}]),
    _set("response", "body", to={"string": f"token={SECRET}", "encoding": SECRET}),
)
"""What may be wrong with one entry, each with a canary where it is wrong."""


def zipped(members: dict[str, bytes]) -> bytes:
    """Return an archive of these members, with a comment."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = f"{MARK}-zip.comment".encode()
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """Return the members of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
