"""The options that commands share: each mistake in one is one error, with no secret in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--pin", "x=1"], "--pin 'x=1' is not of the form /pointer=value, e.g. "),
        (["--pin", "/x"], "--pin '/x' is not of the form /pointer=value, e.g. "),
        (
            ["--pin", "/invoiceStatus/objectVersion/newVersion=two"],
            "the value of --pin '/invoiceStatus/objectVersion/newVersion=two' is not JSON; write a "
            "number, true, null, or text in double quotes",
        ),
        (["-H", "secret"], "header 1 given with -H is not of the form 'Name: value' in printable"),
        (["-H", "A: b", "-H", "Ä: secret"], "header 2 given with -H is not of the form"),
        (["-H", "A: secret\nB: c"], "header 1 given with -H is not of the form"),
        (
            ["-H", "content-type: x"],
            "the header content-type cannot be given: it is what the cases vary",
        ),
        (
            ["--report", "xml=x"],
            "--report 'xml=x': there is no format 'xml'; there is ",
        ),
        (
            ["--case", "request/b2bIds#type/nul"],
            "there is no case 'request/b2bIds#type/nul'; did you mean request/b2bIds#type/null or ",
        ),
        (["--case", "x"], "there is no case 'x'; `enkash-contract check --list` lists them"),
        (
            ["--case", "request#json/empty", "--only", "request#json"],
            "--case names the one case to send; leave out --only, --skip, --polarity and "
            "--max-accepted",
        ),
        (["--case", "request#json/empty", "--polarity", "accept"], "--case names the one case"),
        (["--case", "request#json/empty", "--max-accepted", "1"], "--case names the one case"),
        (["--rate", "fast"], "the rate 'fast' is not of the form 10/s, 600/min or 1000/h"),
        (
            ["--bearer-env", "A", "--token-command", "secret"],
            "--bearer-env and --token-command both give a token; give one of them",
        ),
        (["--bearer-env", "canary-1.secret"], "--bearer-env names no environment variable that"),
        (["--token-command", "canary_1.secret"], "the token command cannot be run: No such file"),
        (["--rate", "eyJsecret.secret.x"], "the rate '***' is not of the form"),
        (["--bearer-env", "NOT_SET"], "--bearer-env NOT_SET: the environment variable NOT_SET is"),
        (["--token-command", "no-such-program secret"], "the token command no-such-program cannot"),
        (
            ["--token-command", "echo x", "-H", "Authorization: secret"],
            "a token and a header Authorization are given; both say the same header, so give one",
        ),
        (["http://h", "--proxy", "http://me:secret@h:x"], "--proxy http://h:x is no proxy; write"),
        (["http://h", "--ca", "no.pem"], "--ca no.pem: No such file or directory; name a file"),
        (["http://h", "--key", "no.pem"], "a key without a certificate; give both with --cert"),
        (
            ["--report", "json=no/x"],
            "--report 'json=no/x': no/x cannot be written: No such file or directory",
        ),
        (["--only", "request#x"], "'request#x' matches no rule and no case; "),
        (["--base", "no.json"], "no.json: cannot be read: No such file or directory"),
        (["--overlay", "no.yaml"], "no.yaml: cannot be read: No such file or directory; name a"),
        (["--operation", "x"], "there is no operation 'x'; the document has changeInvoiceStatus"),
        (["nowhere"], "'nowhere' is neither a URL nor an application; write http://HOST:PORT, or "),
    ],
)
def test_each_mistake_is_one_error(words: list[str], message: str) -> None:
    """Exit 2, nothing on standard output, one line that says what to write, and no secret."""
    code, out, err = said(typed("check", *words))
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {message}")
    assert err.count("\n") == 1
    assert "secret" not in err


def test_a_base_that_is_not_json_names_its_line(tmp_path: Path) -> None:
    """The place in the file is in the message."""
    base = tmp_path / "base.json"
    base.write_text('{\n"a": }')
    code, _, err = said(typed("check", "--base", base))
    assert code == 2
    assert err == f"error: {base}:2: it is not JSON: expecting value at line 2 column 6\n"


def test_a_base_of_null_is_none(tmp_path: Path) -> None:
    """It is not taken for "no base given"."""
    base = tmp_path / "null.json"
    base.write_text("null")
    assert said(typed("check", "--base", base)) == (
        2,
        "",
        f"error: {base}:1: null is no payload; write the request's JSON object\n",
    )


def test_a_pin_nested_too_deep_is_an_error() -> None:
    """JSON that cannot be read is a mistake of the argument."""
    code, _, err = said(typed("check", "--pin", "/device=" + "[" * 100_000))
    assert code == 2
    assert err.startswith("error: the value of --pin '/device=[[")


@pytest.mark.parametrize(
    "target",
    [
        "ftp://u:canary-7@h/",
        " http://u:canary-7@127.0.0.1:1",
        "https:/u:canary-7@h/",
        "u:canary-7@h",
        "http://u:canary-7@[::1/x",
        "http://u:canary-7@h:99999/",
        "http://u:canary-7@/x",
        "http://h/?key=canary-7#canary-7:",
    ],
)
def test_a_mistyped_address_is_shown_without_its_password(target: str) -> None:
    """Whatever is wrong with it, there is one line, and no secret in it."""
    code, out, err = said(typed("check", target, "--timeout", "2"))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "canary-7" not in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["http://h", "-H", "Authorization:", "Bearer", "secret-1"],
            "there are too many arguments for main check; write a value with blanks or * in quotes",
        ),
        (
            ["--timeout", "eyJsecret.secret.x"],
            "--timeout must be a number above 0, not '***'",
        ),
        (["--bearer", "secret"], "there is no option --bearer; did you mean --bearer-env?"),
    ],
)
def test_what_was_typed_in_a_wrong_place_is_not_shown(words: list[str], message: str) -> None:
    """It may be a token, or the rest of a header."""
    code, out, err = said(typed("check", *words))
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {message}")
    assert "secret" not in err
