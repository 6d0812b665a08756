"""The configuration file: what it sets, what beats what, and what is said of its mistakes."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Protocol

import click
import pytest
from click.testing import CliRunner, Result

from enkash_contract.cli.commands import Command, Commands
from enkash_contract.cli.main import main
from enkash_contract.config import settings

if TYPE_CHECKING:
    from pathlib import Path

    class Write(Protocol):
        """Writes a file of this folder, by default the configuration."""

        def __call__(self, text: str, name: str = ...) -> Path: ...


CHECK = main.commands["check"]

CONFIGURED = {
    name: command
    for name, command in main.commands.items()
    if isinstance(command, Command) and command.configured
}
"""The commands whose options the file may set."""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes the configuration of this folder."""

    def written(text: str, name: str = "enkash-contract.toml") -> Path:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return written


def typed(*words: str, of: click.Command = main, stdin: str = "") -> Result:
    """Type a command and return what happened."""
    return CliRunner().invoke(of, list(words), input=stdin)


def shown(*words: str, of: click.Command = main) -> dict[str, str]:
    """Return what `--show-config` says of each option."""
    result = typed(*words, "--show-config", of=of)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()[1:]
    return dict(line.split(" = ", 1) for line in lines if " = " in line)


def complaint(*words: str, of: click.Command = main) -> str:
    """Return what a wrong configuration is answered with, which is all that happens."""
    result = typed(*words, of=of)
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


# What beats what

SCOPES = ("", "[check]\n", "[env.uat]\n", "[env.uat.check]\n")
KINDS: dict[str, list[str]] = {
    "timeout": ["1.0", "2.0", "3.0", "4.0", "5.0"],
    "fail-on": ['"assumed"', '"example"', '"confirmed"', '"observed"', '"documented"'],
    "only": ['["a"]', '["b", "c"]', '["d"]', '["e"]', '["f", "g"]'],
    "list": ["true", "false", "true", "false", "true"],
    "target": ['"a:b"', '"c:d"', '"e:f"', '"g:h"', '"i:j"'],
}


def words_for(key: str, value: Any) -> list[str]:
    """Return the words that set `key` on the command line."""
    if key == "target":
        return [value]
    if isinstance(value, bool):
        return [f"--{key}"] * value
    return [
        word
        for one in (value if isinstance(value, list) else [value])
        for word in (f"--{key}", str(one))
    ]


@pytest.mark.parametrize("key", KINDS)
def test_the_nearest_wins(key: str, write: Write) -> None:
    """Command line, command in the environment, environment, command, top, default: every mix."""
    values = KINDS[key]
    usual = shown("check").get(key)
    for chosen in itertools.product([False, True], repeat=5):
        text, place = "default-env = 'uat'\n", ""
        expected = usual
        for scope, value, there in zip(SCOPES, values, chosen, strict=False):
            text += scope + (f"{key} = {value}\n" if there else "")
            place = f"enkash-contract.toml:{text.count(chr(10))}"
            expected = f"{value}  # {place}" if there else expected
        write(text)
        words = words_for(key, json.loads(values[4])) if chosen[4] else []
        expected = f"{values[4]}  # command line" if chosen[4] else expected
        assert shown("check", *words).get(key) == expected


def sample(parameter: click.Parameter) -> Any:
    """Return a value that `parameter` takes and that is not its default."""
    kind, pair = parameter.type, settings.pair(parameter)
    if parameter.name == "dask":
        return "tcp://host:8786"
    if isinstance(kind, click.Choice):
        return list(kind.choices)[-1]
    if kind.name == "boolean":
        return True
    if kind.name.startswith(("integer", "float")):
        return 7
    one = f"json{pair.mark}{pair.value}".replace("json: ", "Json: ") if pair else "word"
    return [one, f"{one}2"] if settings.repeatable(parameter) else one


EVERY = [
    pytest.param(name, key, parameter, id=f"{name}-{key}")
    for name, command in CONFIGURED.items()
    for key, parameter in settings.keys(command).items()
]


@pytest.mark.parametrize(("command", "key", "parameter"), EVERY)
def test_every_option_can_be_set(
    command: str, key: str, parameter: click.Parameter, write: Write
) -> None:
    """A value in the file is what the same words on the command line are."""
    value, others = sample(parameter), {}
    if isinstance(parameter, click.Option):
        words = words_for(key, value)
    else:
        # An argument comes after others.
        every = settings.keys(CONFIGURED[command])
        others = dict.fromkeys([*every][: [*every].index(key)], "word")
        words = [*others.values(), *(value if isinstance(value, list) else [value])]
    by_hand = shown(command, *words)[key]
    lines = [f"{name} = {json.dumps(given)}\n" for name, given in {key: value, **others}.items()]
    write(f"[{command}]\n{''.join(lines)}")
    by_file = shown(command)[key]
    assert by_hand.removesuffix("command line") == by_file.removesuffix("enkash-contract.toml:2")
    assert by_hand != by_file


def test_no_option_is_called_like_something_else() -> None:
    """A key means one thing: an option, a command, or what the file has of its own."""
    taken = {*CONFIGURED, "env", "default-env", "waiver"}
    for command in CONFIGURED.values():
        assert not taken & set(settings.keys(command))
        assert all(one.nargs in (1, -1) for one in command.params)


SHOWN = {
    "full": "false  # default",
    "assumptions": "false  # default",
    "quiet": "false  # default",
    "color": '"auto"  # default',
}
"""How a result is shown."""


def test_what_a_command_does_not_take_does_not_concern_it(write: Write) -> None:
    """An option for all commands is one for those that have it."""
    write("timeout = 3\nport = 0\nfail-on = 'assumed'\n[traffic]\nhost = 'h'\n")
    assert set(shown("rules")) == {"format"}
    assert shown("traffic") == {
        "host": '"h"  # enkash-contract.toml:5',
        "lenient": "false  # default",
        "fail-on": '"assumed"  # enkash-contract.toml:3',
        **SHOWN,
    }


# What is done with it


def test_a_run_takes_what_is_set(write: Write) -> None:
    """The options do what they do on the command line."""
    write("[check]\nonly = 'request#method'\nlist = true\n")
    assert typed("check").stdout == typed("check", "--only", "request#method", "--list").stdout
    assert typed("check", "--only", "request#json").stdout.count("request#json") > 1


def test_pairs_may_be_tables(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """`pin`, `report` and `header` are told apart by how their options are declared."""
    monkeypatch.setenv("TOKEN", "canary-5")
    write(
        "[check]\n"
        "pin = {'/b2bIds/buyerB2BId' = '007', '/device' = {tag = [1, true]}}\n"
        "report = {json = 'out.json'}\n"
        "header = {Authorization = 'Bearer ${TOKEN}', X-Price = '$$5 $ 5$', X-Y = '$TOKEN$TOKEN'}\n"
    )
    heard: dict[str, Any] = {}
    monkeypatch.setattr(CHECK, "callback", lambda **given: heard.update(given))
    assert typed("check").exit_code == 0
    assert {name: heard[name] for name in ("pins", "reports", "headers")} == {
        "pins": ("/b2bIds/buyerB2BId=007", '/device={"tag": [1, true]}'),
        "reports": ("json=out.json",),
        "headers": (
            "Authorization: Bearer canary-5",
            "X-Price: $5 $ 5$",
            "X-Y: canary-5canary-5",
        ),
    }


def test_paths_are_those_of_the_file(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever below it the command is typed, and unless they are whole or standard input."""
    write(
        "base = 'b.json'\noverlay = ['o/o.yaml', '/whole.yaml']\nreport = 'json=r.json'\n"
        "recordings = 'r.har'\nfiles = ['-', 'p.json']\ntarget = 'app:app'\n"
    )
    below = tmp_path / "one" / "two"
    below.mkdir(parents=True)
    (tmp_path / ".git").touch()
    monkeypatch.chdir(below)
    up = "../../"
    assert shown("check") | shown("traffic") | shown("validate") == {
        "base": f'"{up}b.json"  # {up}enkash-contract.toml:1',
        "overlay": f'["{up}o/o.yaml", "/whole.yaml"]  # {up}enkash-contract.toml:2',
        "report": f'["json={up}r.json"]  # {up}enkash-contract.toml:3',
        "recordings": f'["{up}r.har"]  # {up}enkash-contract.toml:4',
        "files": f'["-", "{up}p.json"]  # {up}enkash-contract.toml:5',
        "target": f'"app:app"  # {up}enkash-contract.toml:6',
        "polarity": '"both"  # default',
        "max-unstable": "2.0  # default",
        "timeout": "10.0  # default",
        "retries": "3  # default",
        "max-wait": "60.0  # default",
        "cookies": "false  # default",
        "verbose": "false  # default",
        "list": "false  # default",
        "dry-run": "false  # default",
        "robustness": "false  # default",
        "lenient": "false  # default",
        "fail-on": '"sibling"  # default',
        "as": '"request"  # default',
        "format": '"text"  # default',
        **SHOWN,
    }


@pytest.mark.parametrize("words", [(), ("-",), ("--", "-")])
def test_files_may_be_named_in_the_configuration(write: Write, words: tuple[str, ...]) -> None:
    """Those on the command line take their place."""
    write("files = ['right.ndjson']\n").with_name("right.ndjson").write_text("{}\n{}\n{}\n")
    said = typed("validate", *words, stdin="{}").stderr
    assert said.startswith("1 payload, " if words else "3 payloads, ")
    assert typed("validate", "--", stdin="{}").stderr.startswith("3 payloads, ")


def test_the_group_may_be_called_with_defaults_of_its_own(write: Write) -> None:
    """What a program sets by click's own means is beaten by the file."""
    write("fail-on = 'assumed'\n")
    defaults = {"check": {"fail_on": "example", "timeout": 3}}
    out = CliRunner().invoke(main, ["check", "--show-config"], default_map=defaults).stdout
    assert 'fail-on = "assumed"  # enkash-contract.toml:1\n' in out
    assert "timeout = 3.0  # default\n" in out


# Which file, which environment


def test_the_nearest_file_is_taken(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pyproject.toml counts when it has our table, and stops the search like a file of ours."""
    write("timeout = 1")
    middle, below = tmp_path / "middle", tmp_path / "middle" / "below"
    below.mkdir(parents=True)
    (tmp_path / ".git").touch()
    monkeypatch.chdir(below)
    assert shown("check")["timeout"] == "1.0  # ../../enkash-contract.toml:1"
    project = middle / "pyproject.toml"
    project.write_text("[project]\nname = 'enkash-contract'\n")
    assert shown("check")["timeout"] == "1.0  # ../../enkash-contract.toml:1"
    project.write_text("[project]\n[tool.enkash-contract.check]\ntimeout = 2")
    assert shown("check")["timeout"] == "2.0  # ../pyproject.toml:3"
    (below / "pyproject.toml").write_text("not TOML, and no concern of ours")
    assert shown("check")["timeout"] == "2.0  # ../pyproject.toml:3"
    (below / "enkash-contract.toml").touch()
    assert shown("check")["timeout"] == "10.0  # default"
    assert shown("check", "--config", "../pyproject.toml")["timeout"] == (
        "2.0  # ../pyproject.toml:3"
    )


def test_a_folder_that_is_gone_has_no_configuration(tmp_path: Path) -> None:
    """Nothing is read, and nothing is complained of."""
    gone = tmp_path / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    result = typed("check", "--show-config")
    assert result.exit_code == 0
    assert "timeout = 10.0  # default\n" in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--config", "other.toml", "--env", "uat"),
        ("--config", "other.toml", "--env", "uat", "check"),
        ("--config", "no.toml", "--env", "no", "check", "--config", "other.toml", "--env", "uat"),
        ("--config", "other.toml", "check", "--env", "uat"),
    ],
)
def test_file_and_environment_are_named_before_or_after_the_command(
    words: tuple[str, ...], write: Write
) -> None:
    """The later ones count."""
    write("timeout = 1\n")
    write("timeout = 2\n[env.uat]\ntimeout = 3\n", "other.toml")
    assert shown(*words)["timeout"] == "3.0  # other.toml:3"


def test_the_configuration_is_shown_whole(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each option as TOML with its source; secrets are hidden, and nothing is sent."""
    monkeypatch.setenv("TOKEN", "canary-6")
    write(
        "[check]\n"
        "header = [\n"
        "  'Authorization: Bearer $TOKEN',\n"
        "  'X-Key:canary-6',\n"
        "]\n"
        "[env.uat]\n"
        "target = 'https://me:canary-6@uat.example/x?key=canary-6'\n"
        'skip = "\\u202e\\U000e0001"\n'
        "bearer-env = 'TOKEN'\n"
        "token-command = 'print canary-6'\n"
        "proxy = 'http://me:canary-6@proxy.example'\n"
    )
    result = typed("check", "--show-config", "--env", "uat", "--pin", "/x=1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "# main check, environment uat\n"
        'target = "https://uat.example/x"  # enkash-contract.toml:7\n'
        "# base is not set\n"
        "# base-command is not set\n"
        'pin = ["/x=1"]  # command line\n'
        "# only is not set\n"
        'skip = ["\\u202e\\U000e0001"]  # enkash-contract.toml:8\n'
        'polarity = "both"  # default\n'
        "robustness = false  # default\n"
        "# max-accepted is not set\n"
        "max-unstable = 2.0  # default\n"
        'header = ["Authorization: ***", "X-Key: ***"]  # enkash-contract.toml:2\n'
        'bearer-env = "TOKEN"  # enkash-contract.toml:9\n'
        'token-command = "***"  # enkash-contract.toml:10\n'
        "timeout = 10.0  # default\n"
        "# workers is not set\n"
        "# rate is not set\n"
        "retries = 3  # default\n"
        "max-wait = 60.0  # default\n"
        "cookies = false  # default\n"
        'proxy = "http://proxy.example"  # enkash-contract.toml:11\n'
        "# ca is not set\n"
        "# cert is not set\n"
        "# key is not set\n"
        "# case is not set\n"
        "# fuzz is not set\n"
        "# seed is not set\n"
        "# database is not set\n"
        "verbose = false  # default\n"
        "list = false  # default\n"
        "dry-run = false  # default\n"
        "# max-failures is not set\n"
        "# require-coverage is not set\n"
        "full = false  # default\n"
        "assumptions = false  # default\n"
        "quiet = false  # default\n"
        'color = "auto"  # default\n'
        "# report is not set\n"
        'fail-on = "sibling"  # default\n'
        "# overlay is not set\n"
        "# operation is not set\n"
    )


def test_a_secret_in_no_form_at_all_is_hidden(write: Write) -> None:
    """What is typed in a wrong form may be the secret itself."""
    write("")
    assert shown("check", "-H", "canary-7")["header"] == '["***"]  # command line'


def test_what_is_missing_is_shown_as_missing() -> None:
    """What a run must be given, a look at the options need not be."""
    assert typed("explain", "--show-config").stdout.splitlines()[:2] == [
        "# main explain",
        "# rule is not set",
    ]
    assert typed("explain").exit_code == 2


# What is wrong


@click.group(cls=Commands)
def tool() -> None:
    """Take options of every kind, for messages that no new option changes."""


@tool.command()
@click.argument("target", required=False)
@click.option("--base", metavar="FILE")
@click.option("--pin", "pins", multiple=True, metavar="/POINTER=VALUE")
@click.option("--report", "reports", multiple=True, metavar="FORMAT=PATH")
@click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'")
@click.option("--only", multiple=True)
@click.option("--timeout", type=click.FloatRange(0, 60, min_open=True, max_open=True))
@click.option("--retries", type=int)
@click.option("--list/--no-list", "listed")
@click.option("--level", type=click.Choice(["weak", "strong"]))
@click.option("--password")
def send(**_: Any) -> None:
    """Do nothing."""


@tool.command()
@click.option("--port", type=click.IntRange(0, 65535))
@click.option("--folder", type=click.Path())
def serve(**_: Any) -> None:
    """Do nothing."""


ALL = (
    "base, default-env, env, folder, header, level, list, only, password, pin, port, report, "
    "retries, send, serve, target, timeout, waiver"
)

BELOW = ALL.replace("default-env, env, ", "")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("\ntime_out = 1", ["2: 'time_out' is no option and no command; did you mean timeout?"]),
        ("[sent]", ["1: 'sent' is no option and no command; did you mean send?"]),
        ("q = 1", [f"1: 'q' is no option and no command; there is {ALL}"]),
        ("[serve]\nports = 1", ["2: 'ports' is no option of serve; did you mean port?"]),
        ("[serve]\nq = 1", ["2: 'q' is no option of serve; there is folder, port, waiver"]),
        ("send = 1", ["1: send must be a table; write [send]"]),
        ("env = 1", ["1: env must hold a table for each environment; write [env.NAME]"]),
        ("[env]\nuat = 1", ["2: uat must be a table; write [env.uat]"]),
        ("[env.uat]\nsend = 1", ["2: send must be a table; write [env.uat.send]"]),
        (
            "[env.uat]\nenv = 'x'\n[env.uat.send.send]\n[env.uat.port.x]",
            [
                f"2: 'env' is no option and no command; there is {BELOW}",
                "3: 'send' is no option of send; there is base, header, level, list, only, "
                "password, pin, report, retries, target, timeout, waiver",
                '4: port must be a whole number from 0 to 65535, not {"x": {}}',
            ],
        ),
        ("default-env = 1", ["1: default-env must be the name of an environment in quotes"]),
        ("default-env = 'uat'", ["1: there is no environment 'uat'; add it as [env.uat]"]),
        (
            "default-env = 'uta'\n[env.uat]\n[env.prod]",
            ["1: there is no environment 'uta'; did you mean uat?"],
        ),
        (
            "default-env = 'uat'\nenv = 1",
            ["2: env must hold a table for each environment; write [env.NAME]"],
        ),
        ("timeout = 'x'", ['1: timeout must be a number above 0 below 60, not "x"']),
        ("timeout = 0", ["1: timeout must be a number above 0 below 60, not 0"]),
        ("timeout = true", ["1: timeout must be a number above 0 below 60, not true"]),
        ("retries = inf", ["1: retries must be a whole number, not Infinity"]),
        ("port = 1.5", ["1: port must be a whole number from 0 to 65535, not 1.5"]),
        ("port = 2027-01-31", ['1: port must be a whole number from 0 to 65535, not "2027-01-31"']),
        ("[send]\nlist = 'yes'", ['2: list must be true or false, not "yes"']),
        ("level = 'sure'", ['1: level must be one of weak, strong, not "sure"']),
        ("target = 1", ["1: target must be text in quotes, not 1"]),
        ('target = " "', ["1: target must be text that is not empty, or left out"]),
        ('only = ["a", ""]', ["1: only must be text that is not empty, or left out"]),
        ('base = ["\\u202e"]', ['1: base must be text in quotes, not ["\\u202e"]']),
        (
            f"base = ['{'x' * 99}']",
            [f'1: base must be text in quotes, not ["{"x" * 38}…'],
        ),
        ("only = [\n1]", ["1: only must be text in quotes, or a list of such, not 1"]),
        ("only = {a = 1}", ['1: only must be text in quotes, or a list of such, not {"a": 1}']),
        (
            "pin = 1\nreport = 'x'",
            [
                "1: pin must be text like /POINTER=VALUE, or a list of such, not 1",
                '2: report must be text like FORMAT=PATH, or a list of such, not "x"',
            ],
        ),
        (
            "pin = {'/x' = 2027-01-31}\nreport = {json = 1}",
            [
                '1: pin must be text like /POINTER=VALUE, or a list of such, not "2027-01-31"',
                "2: report must be text like FORMAT=PATH, or a list of such, not 1",
            ],
        ),
        (
            "pin = {'/x' = nan}",
            ["1: pin must be text like /POINTER=VALUE, or a list of such, not NaN"],
        ),
        ("pin = '=1'", ['1: pin must be text like /POINTER=VALUE, or a list of such, not "=1"']),
        ("header = 'canary'", ["1: header must be text like NAME: VALUE, or a list of such"]),
        ("header = {A = 1}", ["1: header must be text like NAME: VALUE, or a list of such"]),
        ("password = 5", ["1: password must be text in quotes"]),
        ("waiver = 1", ["1: waiver must be a list of tables; write [[waiver]]"]),
        ("[send]\nwaiver = [1]", ["2: waiver must be a list of tables; write [[send.waiver]]"]),
        (
            "[env.e.send.waiver]",
            ["1: waiver must be a list of tables; write [[env.e.send.waiver]]"],
        ),
    ],
)
def test_each_mistake_is_one_line(text: str, lines: list[str], write: Write) -> None:
    """File, line and key, what is wrong and what to write; all mistakes are told at once."""
    write(text)
    assert complaint("serve", of=tool) == "".join(
        f"error: enkash-contract.toml:{line}\n" for line in lines
    )


def test_options_of_any_declaration_are_set(tmp_path: Path, write: Write) -> None:
    """A path may be declared by its type, and a flag may have an opposite."""
    write("folder = 'x'\nlist = true\nretries = 2\npassword = 'canary'\n").rename("moved.toml")
    assert shown("serve", "--config", f"{tmp_path}/moved.toml", of=tool) == {
        "folder": f'"{tmp_path}/x"  # {tmp_path}/moved.toml:1'
    }
    assert shown("send", "--config", "moved.toml", of=tool) == {
        "list": "true  # moved.toml:2",
        "retries": "2  # moved.toml:3",
        "password": '"***"  # moved.toml:4',
    }
    off = shown("send", "--config", "moved.toml", "--no-list", of=tool)
    assert off["list"] == "false  # command line"


def test_a_command_needs_no_group(write: Write) -> None:
    """By itself a command reads its own table."""
    write("[serve]\nport = 5\n")
    result = CliRunner().invoke(tool.commands["serve"], ["--show-config"])
    assert "port = 5  # enkash-contract.toml:2\n" in result.stdout


def test_a_completion_reads_no_file(write: Write) -> None:
    """A shell that asks for completions is not told of mistakes."""
    write("q = 1")
    with click.Context(tool) as parent:
        command = tool.commands["serve"]
        context = command.make_context("serve", ["--port", "x"], parent, resilient_parsing=True)
    assert context.params["port"] is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--env", "uta"],
            "enkash-contract.toml:2: there is no environment 'uta'; did you mean uat?",
        ),
        (["--env", ""], "--env is empty; write --env NAME, or leave it out"),
        (
            ["--config", "no.toml"],
            "no.toml: cannot be read: No such file or directory; name another",
        ),
        (["--config", "."], ".: cannot be read: Is a directory; see to it, or name another"),
        (
            ["--config", "sub/pyproject.toml"],
            "sub/pyproject.toml:1: there is no [tool.enkash-contract]; add it, or name a file of "
            "your own",
        ),
        (
            ["--env", "uat"],
            "enkash-contract.toml:4: header needs the environment variable NOT_SET, which is not "
            "set; set it, or write $$ for a dollar sign",
        ),
    ],
)
def test_what_cannot_be_chosen_is_told(words: list[str], message: str, write: Write) -> None:
    """One line, whether the file, the environment or a variable is not there."""
    file = write("\n[env.uat]\n[env.uat.check]\nheader = 'A: canary $NOT_SET'\n")
    (file.parent / "sub").mkdir()
    write("[tool]\nx = 1\n", "sub/pyproject.toml")
    assert complaint("check", *words) == f"error: {message}\n"


def test_an_environment_needs_a_file() -> None:
    """Without one, it is said what would be looked for."""
    assert complaint("rules", "--env", "uat") == (
        "error: --env uat: there is no enkash-contract.toml and no [tool.enkash-contract] in a "
        "pyproject.toml, here or in a folder above; write one with [env.uat]\n"
    )


def test_two_files_of_one_folder_are_one_too_many(write: Write) -> None:
    """Neither is preferred, and both are named."""
    write("")
    write("\n[tool.enkash-contract]\n", "pyproject.toml")
    assert complaint("rules") == (
        "error: pyproject.toml:2: enkash-contract.toml configures enkash-contract too; keep one of "
        "the two\n"
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[tool]\nenkash-contract = 1", "2: enkash-contract must be a table"),
        ("[[tool.enkash-contract]]", "1: enkash-contract must be a table"),
        ("[tool.enkash-contract]\nx", "2: not TOML: expected '=' after a key in a key/value pair"),
    ],
)
def test_a_wrong_table_in_a_project_is_told(text: str, line: str, write: Write) -> None:
    """It is ours, so it is not passed over."""
    write(text, "pyproject.toml")
    assert complaint("rules").startswith(f"error: pyproject.toml:{line}; ")


def test_a_project_may_hold_anything_else(write: Write) -> None:
    """Whatever is called `tool` there, if our table is not in it nothing is read."""
    write("tool = 'enkash-contract'", "pyproject.toml")
    assert typed("rules").exit_code == 0


@pytest.mark.parametrize(
    ("text", "words", "message"),
    [
        ("base = 'no.json'", ["check"], "no.json: cannot be read: {} (base at {}:1)"),
        ("overlay = 'no.yaml'", ["rules"], "no.yaml: cannot be read: {}; {} (overlay at {}:1)"),
        ("operation = 'x'", ["rules"], "there is no operation 'x'; {} (operation at {}:1)"),
        ("only = ['request#json', 'q']", ["check"], "'q' matches no rule {} (only at {}:1)"),
        ("\npin = {x = 1}", ["check"], "--pin 'x=1' is not of {} (pin at {}:2)"),
        ("header = {'Ä' = 'canary'}", ["check"], "header 1 given with -H is {} (header at {}:1)"),
        ("port = 1", ["sandbox", "--host", "x.invalid"], "cannot listen on {} (port at {}:1)"),
        ("target = 'no'", ["check"], "'no' is neither a URL nor {} (target at {}:1)"),
        ("target = 'no'", ["check", "nowhere"], "'nowhere' is neither a URL nor {}"),
        ("fail-on = 'sibling'", ["check", "--operation", "sibling"], "there is no operation {}"),
        ("header = {}", ["check", "--operation", "x"], "there is no operation 'x'; {}"),
    ],
)
def test_an_error_about_what_is_set_names_its_place(
    text: str, words: list[str], message: str, write: Write
) -> None:
    """Who typed none of it is told where it stands, and of nothing else."""
    write(text)
    err = complaint(*words)
    parts = map(
        re.escape, f"error: {message}\n".replace("{}:", "enkash-contract.toml:").split("{}")
    )
    note = r"(?:note: from the configuration: [^\n]+\n)?"
    assert re.fullmatch(note + "[^\n]+".join(parts), err)
    assert (" at enkash-contract.toml:" in err.splitlines()[-1]) == ("(" in message)


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ([], "target at enkash-contract.toml:2, header at enkash-contract.toml:1"),
        (["embedded"], "header at enkash-contract.toml:1"),
        (["embedded", "-H", "X-A: canary"], ""),
        (["--no-config"], ""),
        (["--config", "enkash-contract.toml"], ""),
        (["--show-config"], ""),
    ],
)
def test_what_a_file_found_by_chance_can_do_is_said(
    words: list[str], note: str, write: Write
) -> None:
    """Whoever typed nothing of it reads what is run and sent, unless the file was named."""
    write("header = {'X-A' = 'canary'}\ntarget = 'no'\ntimeout = 3\n")
    (line, *_) = [*typed("check", "--list", *words).stderr.splitlines(), ""]
    expected = f"note: from the configuration: {note} (--no-config leaves it out)"
    assert line == expected if note else not line.startswith("note: from")


def test_without_the_configuration_no_option_comes_from_it(write: Write) -> None:
    """As on a machine where there is none."""
    write("timeout = 3\n")
    assert shown("check", "--no-config")["timeout"] == "10.0  # default"


@pytest.mark.parametrize("path", ["../r.json", "/tmp/r.json", "sub/../../r.json"])  # noqa: S108
def test_reports_stay_in_the_folder_of_the_file(path: str, write: Write) -> None:
    """A file that came with a repository overwrites nothing outside of it."""
    write(f"[check]\nreport = 'json={path}'\n")
    assert complaint("check") == (
        "error: enkash-contract.toml:2: report must be a path below the folder of this file\n"
    )


def test_help_needs_no_right_file(write: Write) -> None:
    """Whoever mends a file can look up what to write."""
    write("q = 1")
    assert typed("check", "--help").exit_code == 0
    assert typed("--help").exit_code == 0


def test_a_command_repeats_with_its_configuration(write: Write) -> None:
    """What repeats a finding is the same command in the same environment."""
    write(
        "[env.u]\n[env.u.check]\nfail-on = 'assumed'\ntarget = 'tests.cli.test_main:broken_app'\n",
        "c",
    )
    import tests.cli.test_main  # noqa: PLC0415 - the application lives there for the time of this test

    tests.cli.test_main.__dict__["broken_app"] = lambda *_: 1 / 0
    out = typed("check", "--config", "c", "--env", "u", "--only", "request#json", "--full").stdout
    assert (
        "reproduce: enkash-contract check tests.cli.test_main:broken_app --config c --env u "
        "--fail-on assumed --case" in out
    )


def test_help_costs_nothing_more(write: Write) -> None:
    """A run looks for a file; what reads one is loaded only where there is one, or for names."""
    code = (
        "import sys\nfrom enkash_contract.cli.main import main\n"
        "main(sys.argv[1:], standalone_mode=False)\n"
        "ours = ('file', 'location', 'settings', 'toml', 'waivers')\n"
        "print(*(name for name in ours if f'enkash_contract.config.{name}' in sys.modules))"
    )
    write("", "c")
    loaded = [
        subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
        ).stdout.splitlines()[-1]
        for words in (["--help"], ["check", "--help"], ["rules"], ["rules", "--config", "c"])
    ]
    assert loaded == ["settings", "settings", "location", "file location settings toml"]
