"""The contract in pytest's tree: where it stands, and how its items are named and chosen."""

from __future__ import annotations

import pytest

from tests.support.inner_runs import run, sent
from tests.support.item_runs import BUYER, CONFTEST, REQUIRED


def test_two_folders_cannot_both_define_the_target(lax: pytest.Pytester) -> None:
    """Of folders within each other the innermost counts; two side by side are an error."""
    lax.makeconftest(CONFTEST)
    for name in ("a", "b"):
        lax.mkdir(name).joinpath("conftest.py").write_text(CONFTEST)
        lax.path.joinpath(name, f"test_{name}.py").write_text("def test(): pass")
    result = run(lax, "--enkash", "-k", "method", "a", "b")
    assert result.errlines[0] == (
        f"ERROR: {lax.path}/a/conftest.py and {lax.path}/b/conftest.py both have enkash_target or "
        "enkash_base; leave one of them, or name the other's folder alone on the command line"
    )
    run(lax, "--enkash", "-k", "method and accept", "a").assert_outcomes(passed=1, deselected=121)


@pytest.mark.parametrize("words", [["tests"], ["--", "enkash contract::request#method [accept]"]])
def test_a_root_folder_elsewhere(words: list[str], lax: pytest.Pytester) -> None:
    """The conftest of the tests applies, wherever the root is and however tests are imported."""
    lax.mkdir("root")
    lax.mkdir("tests").joinpath("conftest.py").write_text(CONFTEST)
    where = ["--rootdir=root", "--import-mode=importlib"] if words == ["tests"] else []
    result = run(lax, *where, "--enkash", "-k", "method and accept", *words)
    assert result.parseoutcomes()["passed"] == 1
    assert {line.partition(" {")[0] for line in sent(lax)} == {"Bearer one"}


def test_an_item_is_named_on_the_command_line(lax: pytest.Pytester) -> None:
    """A name is that of a failure, of a rule, or of all items; no option is needed with it."""
    lax.makeconftest(CONFTEST)
    lax.makepyfile("def test_own(): pass")

    def listed(*words: str) -> list[str]:
        lines = run(lax, "--co", "-q", *words).outlines
        return lines[: lines.index("")]

    both = [REQUIRED.replace("reject", "accept"), REQUIRED]
    assert listed(REQUIRED) == [REQUIRED]
    assert listed(REQUIRED.partition(" [")[0]) == both
    assert listed("test_an_item_is_named_on_the_command_line.py", REQUIRED)[1:] == [REQUIRED]
    assert len(listed("enkash contract")) == 121
    assert run(lax, "enkash contract::nothing").errlines[0] == (
        "ERROR: there is no item 'enkash contract::nothing'; --co lists them"
    )


def test_one_case_can_be_chosen(lax: pytest.Pytester) -> None:
    """It is sent by the item of its rule, and the baseline is one as well."""
    words = ["--enkash-app=lax:app", "--co", "-q", "--enkash-case"]
    assert run(lax, *words, f"{BUYER}#pattern/longest").outlines[0] == (
        f"enkash contract::{BUYER}#pattern [accept]"
    )
    assert run(lax, *words, "request#type/baseline").outlines[0] == (
        "enkash contract::request#type [accept]"
    )
    assert (
        run(lax, *words, "request#type/baselin")
        .errlines[0]
        .startswith(
            "ERROR: there is no case 'request#type/baselin'; did you mean request#type/baseline"
        )
    )


def test_the_tree_shows_the_contract(lax: pytest.Pytester) -> None:
    """It stands below the folder whose conftest.py defines the target."""
    lax.makeconftest(CONFTEST)
    result = run(lax, "--co", f"enkash contract::{BUYER}#type")
    assert [line for line in result.outlines if line.lstrip().startswith("<")] == [
        f"<Dir {lax.path.name}>",
        "  <Root enkash contract>",
        f"    <ContractItem {BUYER}#type [accept]>",
        f"    <ContractItem {BUYER}#type [reject]>",
    ]
