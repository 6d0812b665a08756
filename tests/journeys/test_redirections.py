"""A server that is somewhere else says so, and whoever follows the note can check it there."""

from __future__ import annotations

import re
from typing import Any

import pytest

import enkash_contract as ec
from enkash_contract.cli.main import main
from enkash_contract.contract.contract import bundled
from enkash_contract.sandbox.server import in_background
from tests.support.combinations import combined

PATH = bundled().pick().path
ONLY = ["request#*", "request/b2bIds/*"]
DEFECTS = ["request/b2bIds/buyerB2BId#pattern/unenforced", "response#status/201-refusing"]


def moved(there: str, inner: Any) -> Any:
    """Return an ASGI application that serves `inner` at the path `there`, and redirects to it."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        if scope["path"] == there:
            await inner({**scope, "path": PATH, "raw_path": PATH.encode()}, receive, send)
            return
        headers = [(b"location", there.encode()), (b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 308, "headers": headers})
        await send({"type": "http.response.body", "body": b"<a>moved</a>"})

    return app


@pytest.mark.parametrize(
    ("there", "base"), combined([f"{PATH}/", f"/v2{PATH}", PATH.upper()], ["", "/", PATH])
)
def test_the_advice_of_a_redirection_works(there: str, base: str) -> None:
    """The address in the note is the target to give: the server conforms there."""
    with in_background(moved(there, ec.Sandbox())) as url:
        first = ec.check_target(f"{url}{base}", only=ONLY)
        (note,) = first.notes
        found = re.search(r"redirects to (\S+); give that address as TARGET", note)
        assert found is not None
        second = ec.check_target(found[1], only=ONLY)
    assert (first.exit_code, first.findings, found[1]) == (3, (), f"{url}{there}")
    assert (second.exit_code, second.violations, second.baseline) == (0, (), "accepted")


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_behind_a_slash_is_found(defect: str) -> None:
    """What is accepted, what is rejected and how is judged there as anywhere else."""
    with in_background(moved(f"{PATH}/", ec.Sandbox(defect=defect))) as url:
        result = ec.check_target(f"{url}{PATH}/", only=ONLY)
    assert {finding.rule for finding in result.violations} == {defect.rpartition("/")[0]}


def test_the_address_as_given_is_the_path_to_keep() -> None:
    """No case mistypes it, because the documented path would be one of them."""
    with in_background(moved(f"{PATH}/", ec.Sandbox())) as url:
        result = ec.check_target(f"{url}{PATH}/", only=["request#path", "request#json/truncated"])
    note = "the address is not the documented one, so no case of request#path is sent"
    assert (result.exit_code, result.notes, result.verdicts["held"]) == (0, (note,), 2)


def test_the_note_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """On the command line it is one line, and the exit code says that nothing was concluded."""
    with in_background(moved(f"{PATH}/", ec.Sandbox())) as url, pytest.raises(SystemExit) as ended:
        main(["check", url, "--only", "request#json/*"])
    address = f"{url}{PATH}/"
    assert ended.value.code == 3
    assert f"redirects to {address}; give that address as TARGET\n" in capsys.readouterr().out
