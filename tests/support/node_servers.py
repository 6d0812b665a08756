"""The servers of tests/tools/servers, on stacks of Node's: one process serves all mistakes."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
from typing import TYPE_CHECKING

from enkash_contract.contract import contract, export
from tests.support.implementations import STACK_MISTAKES
from tests.support.paths import TOOLS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NODE_STACKS = ("express", "fastify", "koa", "zod")


@contextlib.contextmanager
def node_stack(name: str) -> Iterator[Mapping[str, str]]:
    """Yield the addresses by mistake, "" for the server that makes none."""
    given = {
        "document": export.exported(contract.bundled()),
        "schema": contract.bundled().pick().json_schema(),
        "mistakes": list(STACK_MISTAKES),
    }
    command = [shutil.which("node") or "node", str(TOOLS / "servers" / f"{name}.mjs")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(given))
            process.stdin.close()
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()
