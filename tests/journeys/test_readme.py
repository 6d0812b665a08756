"""Every example of the README and of the guides, run in the order in which a reader meets them."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sybil import Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from sybil import Example

README = ROOT / "README.md"
GUIDES = {
    name: ROOT / "docs" / f"{name}.md"
    for name in (
        "clients",
        "servers",
        "webhooks",
        "questions",
        "recordings",
        "verdicts",
        "configuration",
        "reports",
    )
}
LONG = ("enkash-contract selftest", "enkash-contract document --format html > contract.html")
"""Commands that take long, which are typed by a slow test."""

PLUGINS = (
    "-pno:cacheprovider",
    "-p_hypothesis_pytestplugin",
    "-penkash_contract.pytest_plugin",
    "-ptests.support.hypothesis_profile",
)
"""What a reader has who installs nothing but this package, and the profile of all our tests."""


class ConsoleBlockParser(CodeBlockParser):
    """Runs `$ command` lines and compares what they print; `…` stands for anything.

    Those that take long are left out, or are the only ones.
    """

    language = "console"

    def __init__(self, *, long: bool = False) -> None:
        super().__init__()
        self.long = long

    def evaluate(self, example: Example) -> str | None:
        """Return how what was printed differs from what is written, or None."""
        for block in re.split(r"^\$ ", str(example.parsed), flags=re.MULTILINE)[1:]:
            command, _, expected = block.partition("\n")
            if (command in LONG) != self.long:
                continue
            printed = run(command, example.namespace["folder"])
            parts = map(re.escape, expected.strip().split("…"))
            if not re.fullmatch("[^\0]*".join(parts), printed):
                return f"$ {command}\nshould print\n{expected}\nbut prints\n{printed}"
        return None


class PythonOrFileBlockParser(CodeBlockParser):
    """Runs a block of Python, or writes it to the file that its first line names."""

    language = "python"
    python = PythonEvaluator()

    def evaluate(self, example: Example) -> None:
        """Do either."""
        text = str(example.parsed)
        name = re.match(r"# (\w+\.py)\n", text)
        if name is None:
            self.python(example)
        else:
            (example.namespace["folder"] / name[1]).write_text(text, encoding="utf-8")


class TomlBlockParser(CodeBlockParser):
    """Writes a file named in the first line of the block."""

    language = "toml"

    def evaluate(self, example: Example) -> None:
        """Write the file beside the others."""
        text = str(example.parsed)
        name = text.splitlines()[0].removeprefix("# ")
        (example.namespace["folder"] / name).write_text(text, encoding="utf-8")


def run(command: str, folder: Path) -> str:
    """Run a shell command as a user would, and return what it prints and a failing exit code."""
    # A reader's own shell: pytest and Hypothesis print other things where they see a CI.
    environment = {name: value for name, value in os.environ.items() if name != "CI"} | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "RECORDINGS": str(ROOT / "tests" / "recordings"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": " ".join(PLUGINS),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(  # noqa: S602 - the commands are the README's own
        command,
        shell=True,
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    code = f"\n[exit {done.returncode}]" if done.returncode else ""
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines()) + code


def run_examples(document: Path, folder: Path, *parsers: CodeBlockParser) -> dict[str, Any]:
    """Run the examples of a document in `folder`, and return what its Python blocks define."""
    every = (PythonOrFileBlockParser(), ConsoleBlockParser(), TomlBlockParser())
    examples = Sybil(parsers or every).parse(document)
    examples.namespace["folder"] = folder
    for example in examples.examples():
        example.evaluate()
    return examples.namespace


@pytest.mark.slow
@pytest.mark.parametrize("guide", ["servers", "reports"])
def test_the_long_examples_do_what_they_say(guide: str, tmp_path: Path) -> None:
    """Those that need nothing of what stands before them."""
    run_examples(GUIDES[guide], tmp_path, ConsoleBlockParser(long=True))


@pytest.mark.parametrize("document", [README, *GUIDES.values()], ids=lambda path: path.stem.lower())
def test_every_example_does_what_it_says(
    document: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Python blocks run as they stand, files are as written, and commands print what is written."""
    namespace = run_examples(document, tmp_path)
    if document == GUIDES["clients"]:
        namespace["test_our_payloads_are_valid"]()
        namespace["test_invalid_payloads_are_noticed"]()
    if document == GUIDES["servers"]:
        arguments = map(request.getfixturevalue, ("check_enkash", "enkash_contract"))
        with pytest.raises(pytest.fail.Exception, match="request/b2bIds/buyerB2BId#required"):
            namespace["test_cancelling_an_invoice"](*arguments)


def test_links_lead_somewhere() -> None:
    """Each link to a file of the project names one, and a heading that it has."""
    for page in (README, ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\((?!https?:)([^)]*)\)", page.read_text(encoding="utf-8")):
            name, _, heading = link.partition("#")
            target = page.parent / name if name else page
            assert target.is_file(), (page.name, link)
            titles = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}
            assert not heading or heading in anchors, (page.name, link)


def test_the_readme_is_short() -> None:
    """It fits a few screens; the rest is in the guides."""
    assert len(README.read_text(encoding="utf-8").splitlines()) < 250


def test_the_example_shown_is_what_hypothesis_prints(tmp_path: Path) -> None:
    """The mistake that the guide speaks of is found, and printed as it is pasted there."""
    (block,) = re.findall(
        r"# test_mapping.py\n.*?```", GUIDES["clients"].read_text(encoding="utf-8"), re.DOTALL
    )
    block = block.removesuffix("```")
    (pasted,) = re.findall(r"@example\(\n    payload=(.*?)\n\)\n", block, re.DOTALL)
    mistaken = re.sub(r"@example\(.*?\n\)\n", "", block, flags=re.DOTALL)
    mistaken = mistaken.replace("utf-8", "latin-1")
    (tmp_path / "test_mapping.py").write_text(mistaken, encoding="utf-8")
    printed = run("pytest -q test_mapping.py -k lost --hypothesis-seed=1", tmp_path)
    (shown,) = re.findall(r"payload=({.*}),", printed)
    assert ast.literal_eval(shown) == ast.literal_eval(pasted)


def test_the_overlay_shown_is_one(tmp_path: Path) -> None:
    """The YAML block loads, and adds the rules that it says it adds."""
    import enkash_contract as ec  # noqa: PLC0415 - the guide's own name for it

    text = GUIDES["configuration"].read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    overlay = tmp_path / "partner.yaml"
    overlay.write_text(block, encoding="utf-8")
    rule = ec.load(overlay).pick().rule("request/invoiceStatus/statusTransition/newStatus#enum")
    assert str(rule.evidence) == "confirmed (mail-2026-11-20, read 2026-11-20)"


def test_the_commands_for_newcomers_are_those_that_ci_runs() -> None:
    """The two commands that set up and test the project stand in `.ci/run` word for word."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    for command in (blocks[0], blocks[-1]):
        assert command.strip() in script
