"""The schemas of files are printed as they are published."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest
from click.testing import CliRunner

from enkash_contract.cli import schemas
from enkash_contract.cli.main import main


@pytest.mark.parametrize("of", schemas.FILES)
def test_the_schema_of_a_file_is_printed(of: str) -> None:
    """It is a JSON Schema, and nothing else is printed."""
    result = CliRunner().invoke(main, ["schema", "--as", of])
    assert (result.exit_code, result.stderr) == (0, "")
    printed = json.loads(result.stdout)
    assert printed["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(printed)
