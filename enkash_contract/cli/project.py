"""The files that `enkash-contract init` writes: a configuration, a payload, tests, a workflow.

They are a start that runs as it is, and say in comments what to replace.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from enkash_contract.config.location import FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.operation import Operation

BASE = "accepted.example.json"
TESTS = "tests/test_enkash_contract.py"
WORKFLOW = ".github/workflows/enkash-contract.yml"
WHEELS = "vendor"

_CONFIGURATION = """\
# The options of `enkash-contract` in this folder and below; the command line wins.
# A key is the long name of an option: `enkash-contract check --help` lists them.

[check]
# A URL, or module:attribute of an ASGI or WSGI application.
# Without a target, the embedded sandbox is checked.
{target}

# An EXAMPLE, which the embedded sandbox accepts. Replace it by a request that your target accepts:
# every case is that request with one change.
base = "{base}"

# Headers for a target that asks who you are; the value is taken from the environment.
# header = {{Authorization = "Bearer $ENKASH_TOKEN"}}
"""

_TESTS = '''\
"""First tests of the contract with EnKash's invoice API; an example to start from."""

import json
from pathlib import Path

import enkash_contract as ec
import httpx

BASE = Path(__file__).parent.parent / "{base}"
PATH = ec.load().pick().path


def is_accepted(url, payload):
    """Send a status change. Replace this by a call of your own client."""
    response = httpx.post(url + PATH, json=payload, timeout=5)
    return response.is_success and response.json()["response_code"] == 0


def test_the_base_payload_is_valid():
    """Every case of `enkash-contract check` is this payload with one change."""
    ec.validate_json(BASE.read_bytes())


def test_the_client_sends_valid_requests(enkash_sandbox):
    """A request that breaks the contract fails the test when it ends."""
    assert is_accepted(enkash_sandbox.url, json.loads(BASE.read_bytes()))


def test_the_client_notices_a_rejection(enkash_sandbox):
    """The sandbox responds as it is told: `ec.answers()` lists more than 100 ways."""
    enkash_sandbox.answers("rejected")
    assert not is_accepted(enkash_sandbox.url, json.loads(BASE.read_bytes()))
'''

_WORKFLOW = """\
# Tests the contract with EnKash's invoice API. It belongs to the root of the repository.
name: enkash-contract

on:
  push:
  pull_request:
  workflow_dispatch:

permissions:
  contents: read

env:
  # The package is on no index, so this names a wheel in the repository. Build it from a clone of
  # enkash-contract, and commit it:  pip wheel --no-deps -w {wheels} PATH-OF-THE-CLONE
  ENKASH_CONTRACT: {wheels}/enkash_contract-{version}-py3-none-any.whl

jobs:
  contract:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      # What your own code needs:
      # - run: python -m pip install -r requirements.txt
      - name: Install enkash-contract
        run: python -m pip install "${{ENKASH_CONTRACT}}[pytest]"
      - name: Test
        run: python -m pytest --enkash-report json=enkash-tests.json
      - name: Check
{check}        run: enkash-contract check --report json=enkash-check.json
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: enkash-contract
          path: enkash-*.json
"""

_ON_DEMAND = """\
        # It sends hundreds of requests to the target, so it runs when somebody starts it by hand.
        if: github.event_name == 'workflow_dispatch'
        env:
          ENKASH_TOKEN: ${{ secrets.ENKASH_TOKEN }}
"""


@dataclass(frozen=True)
class Project:
    """What a new project is for: a `target`, which is a URL if it `is_live`, or the sandbox."""

    operation: Operation
    version: str
    target: str | None = None
    is_live: bool = False

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the text of each file."""
        named = json.dumps(self.target) if self.target else '"https://uat.bank.example"'
        target = f"{'' if self.target else '# '}target = {named}"
        yield FILE, _CONFIGURATION.format(target=target, base=BASE)
        payload = json.dumps(self.operation.request.example, indent=2, ensure_ascii=False)
        yield BASE, f"{payload}\n"
        yield TESTS, _TESTS.format(base=BASE)
        check = _ON_DEMAND if self.is_live else ""
        yield WORKFLOW, _WORKFLOW.format(wheels=WHEELS, version=self.version, check=check)
