"""The command `probe`: announced, asked, written down, and every mistake one clear error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.engine import bases
from enkash_contract.engine.probing import run as probing
from enkash_contract.engine.probing.probed import Probed, ProbingInterrupted
from tests.support.answering import server
from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from pathlib import Path

ANNOUNCED = """changeInvoiceStatus: 2 questions to tests.cli.test_probe:good
  actions /invoiceStatus/supplierAction: 3 requests; a conforming server would carry out 3 of them
  idempotency: 1 request; a conforming server would carry out 1 of them
  the baseline, first and after each question: 3 requests
at most 7 requests; a conforming server would carry out 7 of them
"""
QUESTIONS = ("actions", "idempotency")
HERE = "tests.cli.test_probe"

ANSWERS = """
actions /invoiceStatus/supplierAction: accepted "PAID", "CONFIRM", "REJECT" (3 of 3 accepted)
idempotency: accepted again (1 of 1 accepted)
"""

good = server(lambda _: 200)
bad = server(lambda _: 401)
seen: list[Any] = []


def _keep(payload: Any) -> int:
    seen.append(payload)
    return 200


keeping = server(_keep)


def test_a_dry_run_announces_and_sends_nothing() -> None:
    """The numbers are the most that would be sent."""
    assert said(typed("probe", f"{HERE}:good", *QUESTIONS, "--dry-run")) == (0, ANNOUNCED, "")
    seen.clear()
    typed("probe", f"{HERE}:keeping", *QUESTIONS, "--dry-run")
    assert seen == []


def test_a_full_address_names_the_operation() -> None:
    """As it does in a check."""
    code, text, _ = said(
        typed("probe", "http://uat.example/api/v0/payment/req-pay", "idempotency", "--dry-run")
    )
    assert (code, text.splitlines()[0]) == (
        0,
        "payInvoice: 1 question to http://uat.example/api/v0/payment/req-pay",
    )


def test_options_are_taken_from_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The questions too; what is typed wins."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "enkash-contract.toml").write_text(
        f'[probe]\ntarget = "{HERE}:good"\nquestion = ["actions", "idempotency"]\nbudget = 3\n',
        encoding="utf-8",
    )
    code, text, err = said(typed("probe", "--dry-run"))
    assert (code, text) == (2, ANNOUNCED)
    assert "and the budget is 3; ask fewer" in err
    assert typed("probe", "--dry-run", "--budget", "7").exit_code == 0


def test_answers_are_told_and_written(tmp_path: Path) -> None:
    """The overlay is loaded by `questions`, and by all else."""
    out = tmp_path / "answers.overlay.yaml"
    code, text, err = said(typed("probe", f"{HERE}:good", *QUESTIONS, "--out", out))
    assert (code, err) == (0, "")
    assert text == (
        f"{ANNOUNCED}{ANSWERS}{out} holds the answers; lay it on the document with "
        f"--overlay {out}\n"
    )
    _, listed, _ = said(typed("questions", "--overlay", out))
    assert '\n  answer: accepted "PAID", "CONFIRM", "REJECT" [observed, probe-' in listed
    code, _, err = said(typed("probe", f"{HERE}:good", *QUESTIONS, "--out", out))
    assert (code, err) == (
        2,
        f"error: {out} is there already; name another file with --out, or remove it\n",
    )


def test_findings_are_told_with_their_evidence() -> None:
    """An invalid request that was accepted is a violation."""
    code, text, _ = said(typed("probe", f"{HERE}:good", "errors"))
    assert code == 1
    assert text.splitlines()[-1].startswith(
        "violation negative_data_rejection request/device#type/null accepted, although /device"
    )


def test_nothing_is_concluded_without_the_baseline(tmp_path: Path) -> None:
    """The note says what helps, and no file is written."""
    out = tmp_path / "answers.overlay.yaml"
    code, text, err = said(typed("probe", f"{HERE}:bad", *QUESTIONS, "--out", out))
    assert (code, err) == (3, "")
    assert text.removeprefix(ANNOUNCED.replace(":good", ":bad")) == (
        "\nnothing more concluded: the response to the baseline was 401: the credentials were "
        "rejected; pass them with -H 'Authorization: …', --bearer-env or --token-command\n"
        f"{out} was not written: there is no answer\n"
    )
    assert not out.exists()


def test_a_payload_that_nobody_vouches_for_is_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """To an address, where neither an example nor a base is there."""
    monkeypatch.setattr(bases, "unvouched", lambda *_: "no example; give one")
    code, text, _ = said(typed("probe", f"{HERE}:good", *QUESTIONS))
    assert (code, text) == (3, f"{ANNOUNCED}nothing concluded: no example; give one\n")


def test_the_base_and_its_pins_are_kept(tmp_path: Path) -> None:
    """In a file, or in the file of the operation in a folder."""
    payload = json.loads(json.dumps(ec.load().pick().request.example))
    payload["invoiceStatus"]["supplierRemarks"] = "of a file"
    file = tmp_path / "changeInvoiceStatus.json"
    file.write_text(json.dumps(payload), encoding="utf-8")
    for base in (file, tmp_path):
        seen.clear()
        pin = "/b2bIds/buyerB2BId=MINE"
        code, _, err = said(
            typed("probe", f"{HERE}:keeping", "idempotency", "--base", base, "--pin", pin)
        )
        assert (code, err) == (0, "")
        assert len(seen) == 3
        assert {each["b2bIds"]["buyerB2BId"] for each in seen} == {"MINE"}
        assert {each["invoiceStatus"]["supplierRemarks"] for each in seen} == {"of a file"}


def test_ctrl_c_keeps_what_was_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers so far stay on the screen."""

    def stop(to_be: Any, *_: Any, **__: Any) -> None:
        raise ProbingInterrupted(Probed(to_be.operation, "x", interrupted=True))

    monkeypatch.setattr(probing, "run", stop)
    code, text, err = said(typed("probe", f"{HERE}:good", *QUESTIONS))
    assert (code, text, err) == (130, f"{ANNOUNCED}\ninterrupted\n", "")


def test_a_file_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is sent, where that can be known."""
    seen.clear()
    out = tmp_path / "no" / "answers.yaml"
    code, _, err = said(typed("probe", f"{HERE}:keeping", *QUESTIONS, "--out", out))
    assert (code, err) == (
        2,
        f"error: {out} cannot be written; name a file in another folder with --out\n",
    )
    assert seen == []
    monkeypatch.setattr("enkash_contract.cli.probe._refuse_file", lambda _: None)
    code, text, err = said(typed("probe", f"{HERE}:good", *QUESTIONS, "--out", tmp_path))
    assert (code, text) == (2, f"{ANNOUNCED}{ANSWERS}")
    assert err == f"error: {tmp_path} cannot be written: File exists; name another file\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["statuses"],
            "'statuses' names a question, and the target comes first; write a URL or "
            "module:attribute before it",
        ),
        ([f"{HERE}:good", "--budget", "3"], "these questions take up to 48 requests, and the"),
        ([f"{HERE}:good", "nothing"], "there is no question 'nothing'"),
        (
            [f"{HERE}:good", "--operation", "pay*", "--operation", "sendCreditNote"],
            "this is for one operation, and several are named",
        ),
        ([f"{HERE}:good", "--base", "nowhere.json"], "nowhere.json: cannot be read"),
    ],
)
def test_a_mistake_is_one_clear_error(words: list[str], message: str) -> None:
    """Nothing is sent."""
    code, _, err = said(typed("probe", *words))
    assert code == 2
    assert err.startswith(f"error: {message}")
    assert len(err.splitlines()) == 1


def test_options_of_several_requests_at_a_time_are_not_there() -> None:
    """Each request is sent once, one after another."""
    for option in ("--workers", "--retries"):
        code, _, err = said(typed("probe", f"{HERE}:good", option, "2"))
        assert code == 2
        assert option in err
