"""A page in a headless Chromium: what it logs, what it asks for, how it looks."""

from __future__ import annotations

import base64
import itertools
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from websockets.sync.client import connect

from tests.recorders.chromium import FLAGS, first_page, port_of
from tests.recorders.processes import RecorderError, executable, running, scratch, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from websockets.sync.connection import Connection

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")

NOISY = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
"""The events by which a page is heard of."""


class Tab:
    """The one tab of a browser; `events` are all that it told of."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._numbers = connection, itertools.count(1)
        self.events: list[dict[str, Any]] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        # Only the page that a person looks at may use the clipboard.
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Carry out one command of the DevTools protocol and return its result."""
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message: dict[str, Any] = json.loads(self._connection.recv(timeout=30))
            if message.get("id") != number:
                self.events.append(message)
                continue
            if "error" in message:
                raise RecorderError(f"Chromium refused {method}: {message['error']}")
            result: dict[str, Any] = message["result"]
            return result

    def open(self, file: Path) -> None:
        """Open a file, and forget what was heard before."""
        self.events.clear()
        self.call("Page.navigate", url=file.as_uri())
        wait_for(lambda: self.tell("document.readyState") == "complete" or None, "the page")

    def tell(self, expression: str) -> Any:
        """Return the value of a script's expression."""
        answer = self.call(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        if "exceptionDetails" in answer:
            raise RecorderError(f"Chromium could not evaluate: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def look(self, width: int, scheme: str = "light", media: str = "screen") -> None:
        """Show the page so many pixels wide, in light or dark, on screen or paper."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=False,
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)

    def noise(self) -> list[Any]:
        """Return what was logged, thrown or reported."""
        return [event["params"] for event in self.events if event["method"] in NOISY]

    def asked(self) -> list[str]:
        """Return the addresses that were asked for."""
        sent = (event for event in self.events if event["method"] == "Network.requestWillBeSent")
        return [event["params"]["request"]["url"] for event in sent]

    def picture(self, file: Path) -> None:
        """Write a picture of the whole page."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(shot["data"]))


@contextmanager
def browser() -> Iterator[Tab]:
    """Start Chromium and yield its tab.

    Raises:
        RecorderError: it is not installed, or does not start.

    """
    with scratch() as folder:
        profile = folder / "profile"
        command = [executable(*PROGRAMS), *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        with running(command, folder):
            number = wait_for(lambda: port_of(profile), "Chromium's debugging port")
            page = wait_for(lambda: first_page(number), "Chromium's first tab")
            with connect(page, max_size=None) as connection:
                tab = Tab(connection)
                tab.call(
                    "Browser.grantPermissions",
                    permissions=["clipboardReadWrite", "clipboardSanitizedWrite"],
                )
                yield tab
