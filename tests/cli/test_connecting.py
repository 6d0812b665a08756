"""The options of a connection: each mistake in one is one error, with no secret in it."""

from __future__ import annotations

import pytest

from tests.support.typed_commands import said, typed


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-H", "secret"], "header 1 given with -H is not of the form 'Name: value' in printable"),
        (["-H", "A: b", "-H", "Ä: secret"], "header 2 given with -H is not of the form"),
        (["-H", "A: secret\nB: c"], "header 1 given with -H is not of the form"),
        (
            ["-H", "content-type: x"],
            "the header content-type cannot be given: it is what the cases vary",
        ),
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
    ],
)
def test_each_mistake_is_one_error(words: list[str], message: str) -> None:
    """Exit 2, nothing on standard output, one line that says what to write, and no secret."""
    code, out, err = said(typed("check", *words))
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {message}")
    assert err.count("\n") == 1
    assert "secret" not in err


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
