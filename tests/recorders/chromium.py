"""Chromium's own HAR export: the one behind "Save all as HAR with sensitive data" in DevTools.

The DevTools front-end is itself a page. It is opened in a second tab, attached to the first one,
and its own HAR writer is called there once the traffic is over. Nothing of the file is made here.

    python -m tests.recorders.chromium OUT.har
"""

from __future__ import annotations

import itertools
import json
import urllib.request
from typing import TYPE_CHECKING, Any

from websockets.sync.client import connect

from tests.recorders.command import main
from tests.recorders.processes import (
    RecorderError,
    executable,
    persistent,
    running,
    scratch,
    wait_for,
)
from tests.recorders.traffic_script import STEPS

if TYPE_CHECKING:
    from pathlib import Path

    from websockets.sync.connection import Connection

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)

ATTACHED = """(async () => {
  if (location.protocol !== "http:" || document.readyState !== "complete") return false;
  const sdk = await import(new URL("core/sdk/sdk.js", location.href));
  const target = sdk.TargetManager.TargetManager.instance().primaryPageTarget();
  return Boolean(target && target.model(sdk.NetworkManager.NetworkManager));
})()"""

SETTLED = """(async () => {
  const logs = await import(new URL("models/logs/logs.js", location.href));
  const requests = logs.NetworkLog.NetworkLog.instance().requests();
  const sent = requests.filter(({requestMethod}) => requestMethod === "POST");
  return sent.filter(({finished}) => finished).length;
})()"""

EXPORT = """(async () => {
  const load = (path) => import(new URL(path, location.href));
  const [har, logs, common] = await Promise.all(
    ["models/har/har.js", "models/logs/logs.js", "core/common/common.js"].map(load));
  const requests = logs.NetworkLog.NetworkLog.instance().requests()
    .filter((request) => request.finished && /^https?:/.test(request.url()));
  let text = "";
  const stream = {write: async (chunk) => { text += chunk; }};
  const progress = new common.Progress.Progress();
  await har.Writer.Writer.write(stream, requests, {sanitize: false}, progress);
  return text;
})()"""


@persistent
def record(base_url: str, other_url: str, destination: Path) -> None:
    """Let Chromium play the script against the server and write the recording it makes of it."""
    with scratch() as folder:
        profile = folder / "profile"
        command = [executable("chromium", "chromium-browser", "google-chrome"), *FLAGS]
        command += [f"--user-data-dir={profile}", "about:blank"]
        with running(command, folder):
            port = wait_for(lambda: port_of(profile), "Chromium's debugging port")
            page = wait_for(lambda: first_page(port), "Chromium's first tab")
            with connect(page, max_size=None) as tab, _front_end(port, page) as front_end:
                wait_for(lambda: _evaluate(front_end, ATTACHED) or None, "DevTools to attach")
                _call(tab, "Page.navigate", {"url": f"{base_url}/?other={other_url}"})
                wait_for(lambda: _finished(tab), "the page to finish")
                wait_for(lambda: _settled(front_end), "DevTools to hear of every answer")
                destination.write_text(_evaluate(front_end, EXPORT), encoding="utf-8")


def port_of(profile: Path) -> int | None:
    """Return the debugging port of the Chromium with that profile, None before it has one."""
    file = profile / "DevToolsActivePort"
    lines = file.read_text().splitlines() if file.exists() else []
    return int(lines[0]) if lines else None


def _http(port: int, path: str, method: str = "GET") -> Any:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=10) as answer:
        return json.load(answer)


def first_page(port: int) -> str | None:
    """Return the address of the debugger of the first tab, None where there is none yet."""
    for target in _http(port, "/json/list"):
        if target["type"] == "page":
            return str(target["webSocketDebuggerUrl"])
    return None


def _front_end(port: int, page: str) -> Connection:
    address = f"http://127.0.0.1:{port}/devtools/devtools_app.html?ws={page.partition('//')[2]}"
    target = _http(port, f"/json/new?{address}", method="PUT")
    return connect(target["webSocketDebuggerUrl"], max_size=None)


_numbers = itertools.count(1)


def _call(connection: Connection, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
    number = next(_numbers)
    connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
    while True:
        answer: dict[str, Any] = json.loads(connection.recv(timeout=15))
        if answer.get("id") == number:
            if "error" in answer:
                message = f"Chromium refused {method}: {answer['error']}"
                raise RecorderError(message)
            result: dict[str, Any] = answer["result"]
            return result


def _evaluate(connection: Connection, expression: str) -> Any:
    parameters = {"expression": expression, "awaitPromise": True, "returnByValue": True}
    answer = _call(connection, "Runtime.evaluate", parameters)
    if "exceptionDetails" in answer:
        message = f"Chromium could not evaluate: {answer['exceptionDetails']}"
        raise RecorderError(message)
    return answer["result"].get("value")


def _finished(tab: Connection) -> bool | None:
    title = _evaluate(tab, "document.title")
    if title.startswith("failed"):
        raise RecorderError(title)
    return True if title == "done" else None


def _settled(front_end: Connection) -> bool | None:
    return True if _evaluate(front_end, SETTLED) == len(STEPS) else None


if __name__ == "__main__":
    main(record)
