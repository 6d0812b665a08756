"""The limits that `docs/security.md` states are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

from enkash_contract.contract import yaml_nodes
from enkash_contract.engine.transport import connection, wsgi
from enkash_contract.report import reproduction
from enkash_contract.sandbox import asgi, server
from enkash_contract.secrets import escapes, needles, redaction, values
from enkash_contract.traffic.cutting import nodes, tape, window
from enkash_contract.traffic.reading import access, archives, stream, unpacking
from enkash_contract.wire import codings, json_values

TEXT = Path("docs/security.md").read_text(encoding="utf-8")

LIMITS = {
    "nesting of JSON": [json_values.DEPTH],
    "repeated names, or values that are no JSON, which are listed": [json_values.MANY],
    "what a body is unpacked to (gzip, deflate)": [codings.LIMIT, codings.RATIO, codings.FREE],
    "codings one inside of another": [codings.MOST],
    "a response of a target": [wsgi.LIMIT],
    "bytes of one interaction in JSON that are read, and characters of one in YAML": [
        window.LIMIT,
        tape.MOST,
    ],
    "what a recording is unpacked to": [stream.RATIO, stream.FREE, stream.MOST],
    "packings around a recording, one inside of another": [unpacking.MOST],
    "memory in bytes that zstd may ask for": [unpacking.WINDOW],
    "bytes of a body in a file of its own beside a recording, and in an archive": [
        access.ATTACHED,
        archives.ATTACHED,
    ],
    "characters that the aliases of a cassette stand for": [nodes.EXPANDED],
    "values that the aliases of a document or overlay stand for": [yaml_nodes.SIZE],
    "a text that is quoted": [redaction.QUOTED],
    "a line that repeats a finding": [reproduction.LONGEST],
    "a body sent to the sandbox (`--max-body`)": [asgi.MAX_BODY],
    "seconds for a header and for a body sent to the sandbox": [server.HEADER_TIME, asgi.BODY_TIME],
    "cookies that a target sets whose values are known": [redaction.COOKIES],
    "seconds that a run waits in all for a busy target (`--max-wait`)": [connection.MAX_WAIT],
    "different secrets of one request that are known by value": [values.MOST],
}


def test_the_table_states_the_limits() -> None:
    """Each row, and no other."""
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", TEXT, re.MULTILINE)[2:]
    stated = {
        name: [float(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", value)]
        for name, value in rows
    }
    assert stated == LIMITS


def test_the_text_states_the_lengths_of_secrets() -> None:
    """As words, because people read them."""
    assert (needles.SHORTEST, needles.CUT, needles.LONG) == (4, 4, 16)
    assert (values.SHORTEST_SQUEEZED, escapes.LEVELS, values.LONG) == (12, 6, 2_048)
    assert "six levels deep" in TEXT
    assert "more than 2,048 characters" in TEXT
