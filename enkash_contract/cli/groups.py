"""The groups in which help shows options and commands, and the examples and exit codes below them.

An option is named by its longest name; where one name means different things, the command stands
before it. A test holds the tables complete, so a new option needs a line here.
"""

from __future__ import annotations

OPTIONS = {
    "What to check": "init:target init:app",
    "Which payload": "as base base-command pin",
    "Which cases": "only skip case polarity robustness max-accepted max-failures list dry-run",
    "Which requests": "traffic:host partner-host traffic:since traffic:until sample lenient budget",
    "How to read": "traffic:format redact:format profile map",
    "How to serve": "sandbox:host record:host port defect max-body",
    "How to deliver": "deliver-to deliver deliver-delay deliver-times deliver-order",
    "How to connect": "header bearer-env token-command cookies proxy ca cert key",
    "How fast": "timeout rate workers dask retries max-wait max-unstable",
    "How to fuzz": "fuzz seed database",
    "What to require": "require-coverage",
    "What to show": "format openapi full assumptions quiet verbose color",
    "What to write": (
        "record:out probe:out salt-file learn report write-waivers reason check:until"
    ),
    "Contract and configuration": (
        "fail-on operation overlay config no-config env show-config version help"
    ),
}
"""The options of each group, in the order in which help shows them."""

OTHERS = "Other options"
"""The group of an option that is in none; a test holds it empty."""

COMMANDS = {
    "Start": "init",
    "Check": "validate check traffic record probe",
    "Look up": "operations questions rules explain cases defects",
    "Write down": "redact report schema document",
    "Try out": "sandbox selftest",
}
"""The commands of each group."""

EXAMPLES = {
    "": ("enkash-contract check", "enkash-contract COMMAND --help"),
    "init": (
        "enkash-contract init",
        "enkash-contract init partner --app bank.gateway:app",
        "enkash-contract init --target https://uat.bank.example",
    ),
    "validate": (
        "enkash-contract validate payload.json",
        "enkash-contract validate - < payloads.ndjson",
        "enkash-contract validate --as response response.json",
    ),
    "check": (
        "enkash-contract check",
        "enkash-contract check http://localhost:8080 --list",
        "enkash-contract check URL --base accepted.json",
        "enkash-contract check URL --only 'request/b2bIds/*'",
        "enkash-contract check myservice.app:app --fuzz 30s",
        "enkash-contract check --require-coverage '*=both'",
    ),
    "traffic": (
        "enkash-contract traffic session.har",
        "enkash-contract traffic cassettes/ --host '*.example'",
        "enkash-contract traffic day.ndjson --since 24h",
        "enkash-contract traffic kong.log --profile kong",
        "enkash-contract traffic 's3://bucket/*.ndjson.gz' --dask",
        "enkash-contract traffic day.ndjson --learn seen.yaml",
    ),
    "redact": ("enkash-contract redact session.har handed-on.har",),
    "record": ("enkash-contract record URL --port 8080 --out session.har",),
    "sandbox": (
        "enkash-contract sandbox --port 0",
        "enkash-contract sandbox --defect request#json/unenforced",
        "enkash-contract sandbox --deliver-to URL",
    ),
    "defects": ("enkash-contract defects",),
    "selftest": (
        "enkash-contract selftest",
        "enkash-contract selftest --report junit=selftest.xml",
    ),
    "operations": ("enkash-contract operations", "enkash-contract operations --format json"),
    "questions": ("enkash-contract questions", "enkash-contract questions --format json"),
    "probe": (
        "enkash-contract probe --dry-run",
        "enkash-contract probe URL statuses --base accepted.json",
        "enkash-contract probe URL --out answers.overlay.yaml",
    ),
    "rules": ("enkash-contract rules", "enkash-contract rules --operation 'tag:Payment'"),
    "explain": (
        "enkash-contract explain request#json",
        "enkash-contract explain buyerB2BId",
        "enkash-contract explain 'request/b2bIds/*'",
    ),
    "cases": ("enkash-contract cases --format json",),
    "report": (
        "enkash-contract report run.json",
        "enkash-contract report a.json b.json --report json=c.json",
    ),
    "schema": (
        "enkash-contract schema",
        "enkash-contract schema --as response",
        "enkash-contract schema --as report",
        "enkash-contract schema --as interaction",
    ),
    "document": ("enkash-contract document --format json",),
}
"""The examples of each command; "" is the program."""

CODES = {
    0: "the contract is kept; assumptions may exist",
    1: "the contract is violated",
    2: "wrong use, or something could not be read",
    3: "nothing could be concluded",
    130: "interrupted",
}
"""The exit codes of the commands that conclude something."""

_LISTED = {0: "listed", 2: "wrong use, or something could not be read"}

EXITS = {
    "": CODES,
    "init": {0: "files were written", 2: "nothing was written, or not all could be"},
    "validate": {code: CODES[code] for code in (0, 1, 2, 3)},
    "check": CODES,
    "traffic": CODES,
    "report": CODES,
    "redact": {
        0: "written",
        2: "wrong use, or something could not be read",
        3: "nothing was written: nothing is of the contract's operations",
    },
    "record": {0: "stopped by Ctrl-C", 2: "wrong use, or something could not be written"},
    "sandbox": {0: "stopped by Ctrl-C", 2: "wrong use, or the address is taken"},
    "defects": _LISTED,
    "selftest": {
        0: "every defect was found, nothing else was blamed",
        1: "a defect was missed, or a conforming variant blamed",
        2: CODES[2],
    },
    "operations": _LISTED,
    "questions": _LISTED,
    "probe": {
        0: "answered, or with --dry-run announced",
        1: "an answer violates the contract",
        **{code: CODES[code] for code in (2, 3, 130)},
    },
    "rules": _LISTED,
    "explain": {0: "explained", 2: _LISTED[2]},
    "cases": _LISTED,
    "schema": {0: "printed", 2: _LISTED[2]},
    "document": {0: "printed", 2: _LISTED[2]},
}
"""The exit codes of each command."""


def names(groups: dict[str, str], command: str, known: list[str]) -> dict[str, list[str]]:
    """Return the names among `known` in each group that holds any, those in no group at the end."""
    found, prefix = {}, f"{command}:"
    own = {word for words in groups.values() for word in words.split() if word.startswith(prefix)}
    for title, words in groups.items():
        # Where a command has a name to itself, it is in no other group.
        here = [word for word in words.split() if f"{prefix}{word}" not in own]
        plain = [word.removeprefix(prefix) for word in here]
        found[title] = [name for name in plain if name in known]
    placed = {name for group in found.values() for name in group}
    found[OTHERS] = [name for name in known if name not in placed]
    return {title: group for title, group in found.items() if group}
