"""The run behind the items: one target, one baseline, and nothing concluded without it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.inner_runs import run, section
from tests.support.plugin_runs import WSGI, names


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("refuses_everything", "the baseline was rejected, so a rejection of anything else proves"),
        ("unauthorised", "the response to the baseline was 401: the credentials were rejected"),
    ],
)
def test_inconclusive_items_never_pass(name: str, note: str, pytester: pytest.Pytester) -> None:
    """Every item fails, and says why nothing follows."""
    result = run(pytester, f"--enkash-app={WSGI}:{name}", "-k", "method")
    result.assert_outcomes(failed=2, deselected=len(names(pytester)) - 2)
    result.stdout.fnmatch_lines([f"nothing could be concluded: {note}*"])


def test_items_fail_when_responses_say_nothing_about_the_payload(pytester: pytest.Pytester) -> None:
    """A target that accepts one request and then asks for credentials has shown nothing."""
    pytester.makepyfile(
        limited="""
        import enkash_contract as ec

        sandbox, served = ec.Sandbox(), []

        async def app(scope, receive, send):
            if scope["type"] == "http":
                served.append(scope)
            if len(served) < 2:
                await sandbox(scope, receive, send)
                return
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body"})
        """
    )
    result = run(pytester, "--enkash-app=limited:app", "-k", "device and required and not tag")
    result.assert_outcomes(passed=1, failed=1, deselected=len(names(pytester)) - 2)
    result.stdout.fnmatch_lines(
        ["nothing could be concluded: the responses say nothing about the payload"]
    )


def test_an_invalid_response_to_the_baseline_fails_the_items_of_valid_requests(
    pytester: pytest.Pytester,
) -> None:
    """They show the finding on its response; the other items say that nothing is concluded."""
    words = [f"--enkash-app={WSGI}:code_as_string", "-k", "method"]
    result = run(pytester, *words)
    result.assert_outcomes(failed=2, deselected=len(names(pytester)) - 2)
    result.stdout.fnmatch_lines(
        [
            "in the response, /response_code must be an integer, but it is *",
            "nothing could be concluded: the response to the baseline was 200 in a way the *",
        ]
    )


def test_an_unreachable_target_fails_each_item_in_one_line(
    pytester: pytest.Pytester,
) -> None:
    """It is tried once, and no traceback is shown."""
    result = run(pytester, "--enkash-url=http://127.0.0.1:9", "-k", "method")
    result.assert_outcomes(failed=2, deselected=len(names(pytester)) - 2)
    message = (
        "http://127.0.0.1:9 cannot be reached (All connection attempts failed); "
        "is it running, and is the address right?"
    )
    assert result.outlines.count(message) == 2
    assert "Traceback" not in "\n".join(result.outlines)


def test_a_mistake_of_our_own_is_shown_with_its_traceback(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only findings are shown without one."""

    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("enkash_contract.pytest_plugin.run.add", broken)
    result = run(pytester, f"--enkash-app={WSGI}:app", "-k", "method and accept")
    result.stdout.fnmatch_lines(["*ZeroDivisionError*"])


def test_a_target_that_keeps_state_fails_at_the_end(lax: pytest.Pytester) -> None:
    """If the baseline is not accepted any more, items that passed prove nothing."""
    lax.makepyfile(
        stale="""
        import lax
        served = []

        def app(environ, start):
            served.append(1)
            if len(served) > 2:
                environ["CONTENT_LENGTH"] = "0"
            return lax.app(environ, start)
        """
    )
    result = run(lax, "--enkash-app=stale:app", "-k", "device and required and reject and not tag")
    result.assert_outcomes(passed=1, errors=1, deselected=120)
    assert section(result, "ERROR at teardown", "= enkash contract =") == [
        "the baseline was accepted at first and is not any more: the target keeps state or is "
        "gone, so its rejections since then prove nothing; vouch for a request that it accepts "
        "every time"
    ]


def test_items_whose_cases_are_not_sent_fail(lax: pytest.Pytester) -> None:
    """A run gives up a target that falls silent; the items left over fail and say so."""
    lax.makepyfile(
        silent="""
        served = []

        async def app(scope, receive, send):
            import enkash_contract as ec
            served.extend([scope] * (scope["type"] == "http"))
            if len(served) < 2:
                await ec.Sandbox()(scope, receive, send)
        """
    )
    result = run(lax, "--enkash-app=silent:app", "-k", "method and reject or b2bIds and type")
    result.assert_outcomes(failed=4, passed=3, errors=1, deselected=114)
    assert (
        "nothing could be concluded: the responses say nothing about the payload" in result.outlines
    )
