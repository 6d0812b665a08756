"""The texts of the files that `init` writes."""

from __future__ import annotations

import json
import tomllib

import yaml

import enkash_contract as ec
from enkash_contract.cli.project import Project


def test_every_file_is_of_its_kind() -> None:
    """A configuration, a valid payload, Python, and a workflow with the version of the wheel."""
    operation = ec.load().pick()
    texts = dict(Project(operation, "1.2.3", 'a "b":app').files())
    config, payload, tests, workflow = texts.values()
    assert tomllib.loads(config) == {
        "check": {"target": 'a "b":app', "base": "accepted.example.json"}
    }
    assert json.loads(payload) == operation.request.example
    assert ec.is_valid(json.loads(payload))
    compile(tests, "tests.py", "exec")
    wheel = yaml.safe_load(workflow)["env"]["ENKASH_CONTRACT"]
    assert wheel == "vendor/enkash_contract-1.2.3-py3-none-any.whl"
