"""Results on their way from worker to controller: nothing is lost but what is secret."""

from __future__ import annotations

import json
from dataclasses import replace

from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import Evidence, Level, Source
from enkash_contract.judging.judge import judge_record
from enkash_contract.judging.members import Doubt, Member
from enkash_contract.judging.result import Result, Tally
from enkash_contract.judging.stability import Stability
from enkash_contract.report.curl import curl
from enkash_contract.report.serialize import pack, unpack
from enkash_contract.wire.message import Interaction, Request, Response

OPERATION = bundled().pick()
SECRET = "c0ffee-secret"
URL = f"https://me:{SECRET}@api.example:444{OPERATION.path}?key={SECRET}"
REQUEST = Request(
    "POST",
    URL,
    (("Content-Type", "application/json"), ("Authorization", f"Bearer {SECRET}")),
    b'{"device": 1}\xff',
)
DATE = ("Date", "Sun, 22 Nov 2026 10:00:00 GMT")
ANSWER = Response(500, (("Set-Cookie", SECRET), ("content-type", "text/plain"), DATE), None)


def judged(interaction: Interaction) -> Result:
    """Return what is found in an interaction, and some of everything else."""
    made = judge_record(OPERATION, interaction)
    more = Result((), {"held": 2}, {}, "accepted", ("note",), ("unread",), ("waiver",))
    more += Result(
        tallies={("rule", "reject"): Tally(9, 5, 3, 1)},
        members={("changeInvoiceStatus", "/a"): Member(accepted=True, rejected=frozenset("xy"))},
        doubts={Doubt("changeInvoiceStatus", "case", "rule", "accept", ("/a", "/b")): 2},
        stability=Stability(9, 4, 3, 1, 0.5),
        requests={"reject": Tally(4, 3, 2, 1)},
    )
    return replace(made + more, interrupted=True)


def test_a_result_arrives_as_it_was() -> None:
    """It is plain data on the way; findings, counts and tallies are equal at the end."""
    for interaction in (
        Interaction(REQUEST, ANSWER, source="here"),
        Interaction(
            replace(REQUEST, body=None, sized=False),
            None,
            "fell silent",
            source="here",
            repeated=True,
            unread=True,
        ),
    ):
        sent = judged(interaction)
        weak = replace(sent.findings[0], evidence=Evidence(Level.ASSUMED), interaction=None)
        both = (Source("a", "A", "2026-01-02"), Source("b", "B", "2026-01-03"))
        disputed = replace(weak, evidence=Evidence(Level.DISPUTED, both[0], both[1:]))
        sent += Result((weak, disputed))
        arrived = unpack(json.loads(json.dumps(pack(sent))))

        assert arrived == sent
        assert len(arrived.findings) > 1


def test_interactions_arrive_without_their_secrets() -> None:
    """Headers keep their names; a curl line says the same of what arrives as of what was sent."""
    (sent, *_) = judged(Interaction(REQUEST, ANSWER, source="here")).findings
    data = json.dumps(pack(Result((sent,))))
    arrived = unpack(json.loads(data)).findings[0].interaction

    assert SECRET not in data
    assert arrived == Interaction(
        replace(
            REQUEST,
            url=f"https://***@api.example:444{OPERATION.path}?***",
            headers=(("Content-Type", "application/json"), ("Authorization", "***")),
        ),
        Response(500, (("Set-Cookie", "***"), ("content-type", "text/plain"), DATE), None),
        source="here",
    )
    assert arrived is not None
    assert curl(arrived.request) == curl(REQUEST)


def test_a_body_that_repeats_a_secret_of_elsewhere_arrives_without_it() -> None:
    """Nobody could tell it from other text at the end; what is known by its name stays."""
    own = b'{"token": "own-of-the-body", "also": "own-of-the-body"}'
    echo = f'{{"echo": "{SECRET}"}}'.encode()
    for body, expected in ((own, own), (echo, b'{"echo": "***"}')):
        request = replace(REQUEST, body=body)
        sent = Interaction(request, Response(500, (), echo), f"no {SECRET}", source="here")
        (finding, *_) = judged(sent).findings
        data = json.dumps(pack(Result((replace(finding, interaction=sent),))))
        arrived = unpack(json.loads(data)).findings[0].interaction

        assert arrived is not None
        assert arrived.request.body == expected
        assert arrived.response == Response(500, (), b'{"echo": "***"}')
        assert arrived.error == "no ***"


def test_a_plain_address_arrives_as_it_is() -> None:
    """Where there is nothing to hide, nothing is changed."""
    plain = Interaction(Request("POST", "http://h/x", (), b""), Response(500), source="here")
    (finding, *_) = judged(plain).findings
    (arrived,) = unpack(pack(Result((finding,)))).findings
    assert arrived.interaction == plain
