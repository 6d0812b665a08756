"""Firefox's own HAR export: the one behind "Save All As HAR" in the Network panel.

Firefox's automatic export fires when a page is loaded, before its script has fetched anything. So
the export is asked for, over Marionette: the Network panel is opened on the tab, the page plays
the script, and the panel's toolbox is told to hand out its HAR, as it does for an extension that
calls `devtools.network.getHAR`. Nothing of the file is made here.

    python -m tests.recorders.firefox OUT.har
"""

from __future__ import annotations

import itertools
import json
import socket
from typing import TYPE_CHECKING, Any

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
    from io import BufferedReader
    from pathlib import Path

PREFERENCES = {
    "marionette.port": 0,
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage": "about:blank",
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "devtools.toolbox.selectedTool": "netmonitor",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "",
}

OPEN_PANEL = """
const {require} = ChromeUtils.importESModule("resource://devtools/shared/loader/Loader.sys.mjs");
const {gDevTools} = require("devtools/client/framework/devtools");
await gDevTools.showToolboxForTab(gBrowser.selectedTab, {toolId: "netmonitor"});
"""

# An export cuts the panel off from the news for a while, so it must have heard all of it before.
SETTLED = """
const {require} = ChromeUtils.importESModule("resource://devtools/shared/loader/Loader.sys.mjs");
const {gDevTools} = require("devtools/client/framework/devtools");
const toolbox = gDevTools.getToolboxForTab(gBrowser.selectedTab);
const {requests} = (await toolbox.getNetMonitorAPI()).store.getState().requests;
return requests.filter(({method}) => method === "POST").map(
  ({status, totalTime}) => Boolean(status) && totalTime !== undefined);
"""

EXPORT = """
const {require} = ChromeUtils.importESModule("resource://devtools/shared/loader/Loader.sys.mjs");
const {gDevTools} = require("devtools/client/framework/devtools");
const toolbox = gDevTools.getToolboxForTab(gBrowser.selectedTab);
return JSON.stringify({log: await toolbox.getHARFromNetMonitor()}, null, "  ");
"""


@persistent
def record(base_url: str, other_url: str, destination: Path) -> None:
    """Let Firefox play the script against the server and write the recording it makes of it."""
    with scratch() as folder:
        profile = folder / "profile"
        profile.mkdir()
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        command = [executable("firefox-esr", "firefox"), "--headless", "--no-remote"]
        command += ["--marionette", "--remote-allow-system-access", "--profile", str(profile)]
        with running(command, folder):
            port = wait_for(lambda: _port(profile), "Firefox's Marionette port")
            with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
                marionette = Marionette(connection)
                marionette.script("chrome", OPEN_PANEL)
                marionette.call("Marionette:SetContext", {"value": "content"})
                page = f"{base_url}/?other={other_url}"
                marionette.call("WebDriver:Navigate", {"url": page})
                wait_for(lambda: _finished(marionette), "the page to finish")
                wait_for(lambda: _settled(marionette), "the Network panel to hear of every answer")
                destination.write_text(marionette.script("chrome", EXPORT), encoding="utf-8")


def _port(profile: Path) -> int | None:
    file = profile / "MarionetteActivePort"
    text = file.read_text() if file.exists() else ""
    return int(text) if text else None


class Marionette:
    """A client of Firefox's Marionette protocol: `length:[type, number, name, parameters]`."""

    def __init__(self, connection: socket.socket) -> None:
        """Read the greeting and open a session."""
        self._connection = connection
        self._stream: BufferedReader = connection.makefile("rb")
        self._numbers = itertools.count(1)
        self._receive()
        self.call("WebDriver:NewSession", {})

    def call(self, name: str, parameters: dict[str, Any]) -> Any:
        """Send one command and return its result; raise `RecorderError` with Firefox's reason."""
        text = json.dumps([0, next(self._numbers), name, parameters]).encode()
        self._connection.sendall(b"%d:%s" % (len(text), text))
        _, _, error, result = self._receive()
        if error:
            message = f"Firefox refused {name}: {error['error']}: {error['message']}"
            raise RecorderError(message)
        return result

    def script(self, context: str, body: str) -> Any:
        """Run an asynchronous script body in the browser's (`chrome`) or the page's context."""
        self.call("Marionette:SetContext", {"value": context})
        wrapped = (
            f"const done = arguments[0]; (async () => {{{body}}})()"
            '.then(done, (error) => done("failed: " + error));'
        )
        result = self.call("WebDriver:ExecuteAsyncScript", {"script": wrapped, "args": []})
        value = result["value"]
        if isinstance(value, str) and value.startswith("failed"):
            raise RecorderError(value)
        return value

    def _receive(self) -> Any:
        length = b""
        while (byte := self._stream.read(1)) != b":":
            if not byte:
                message = "Firefox closed the Marionette connection"
                raise RecorderError(message)
            length += byte
        return json.loads(self._stream.read(int(length)))


def _finished(marionette: Marionette) -> bool | None:
    return True if marionette.script("content", "return document.title;") == "done" else None


def _settled(marionette: Marionette) -> bool | None:
    answered = marionette.script("chrome", SETTLED)
    expected = [not step.abort for step in STEPS]
    return True if answered == expected else None


if __name__ == "__main__":
    main(record)
