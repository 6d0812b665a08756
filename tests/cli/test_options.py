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
