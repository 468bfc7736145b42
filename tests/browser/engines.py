"""Firefox and WebKit, each as Debian has it, driven by the WebDriver commands that both understand.

Firefox hears them on its Marionette port: by BiDi, its other way in, a page without a window has no focus,
and a fault of focus passes. WebKit hears them by HTTP from Debian's WebKitWebDriver, in a window on Xvfb.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests import allowances, servers

FIREFOX = Path("/usr/bin/firefox-esr")
WEBKIT = Path("/usr/bin/WebKitWebDriver")
XVFB = Path("/usr/bin/Xvfb")
PATIENCE = 60.0
Send = Callable[[str, str, dict[str, Any]], Any]
PREFERENCES = {
    "browser.download.folderList": 1,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class Engine:
    """A page in one of them. What it is asked for is waited for; what never comes is an AssertionError."""

    def __init__(self, name: str, send: Send) -> None:
        self.name, self._send = name, send

    def go(self, address: str) -> None:
        self._send("Navigate", "url", {"url": address})

    def back(self) -> None:
        self._send("Back", "back", {})

    def run(self, script: str, *arguments: Any) -> Any:
        """What a function body returns in the page."""
        return self._send("ExecuteScript", "execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, condition: str, *arguments: Any) -> Any:
        """The first value of an expression that is not false."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if found := self.run(f"return {condition};", *arguments):
                return found
            time.sleep(0.1)
        raise AssertionError(f"{self.name}: never: {condition}")

    def printed(self) -> bytes:
        """The page on A4 paper, as a PDF; WebKit cannot."""
        paper = {"width": 21.0, "height": 29.7}
        return base64.b64decode(self._send("Print", "print", {"page": paper, "shrinkToFit": True}))

    def pause(self, seconds: float) -> None:
        """Time for what no page tells of, such as a file that is being saved."""
        time.sleep(seconds)

    def press(self, selector: str, number: int = 0) -> None:
        """A press of the mouse in the middle of what a selector finds, as a hand makes it: down, then up."""
        middle = (
            "const it = document.querySelectorAll(arguments[0])[arguments[1]];"
            "it.scrollIntoView({block: 'center'}); const box = it.getClientRects()[0];"
            "const x = box.left + Math.min(box.width / 2, 60), y = box.top + box.height / 2;"
            "return [Math.round(x), Math.round(y)];"
        )
        self.wait("document.querySelectorAll(arguments[0]).length > arguments[1]", selector, number)
        x, y = self.run(middle, selector, number)
        hand = [
            {"type": "pointerMove", "duration": 0, "x": x, "y": y, "origin": "viewport"},
            {"type": "pointerDown", "button": 0},
            {"type": "pause", "duration": 80},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": hand}
        self._send("PerformActions", "actions", {"actions": [mouse]})

    def choose(self, name: str, value: str) -> None:
        """An option of the filter of this name, as the browser tells the page of it."""
        self.wait("document.getElementById(arguments[0])", _filter(name))
        self.run(
            "const it = document.getElementById(arguments[0]); it.value = arguments[1];"
            "it.dispatchEvent(new Event('change', {bubbles: true}));",
            _filter(name),
            value,
        )

    def put(self, selector: str, file: Path) -> None:
        """A file into a field of files."""
        self.wait("document.querySelector(arguments[0])", selector)
        found = self._send("FindElement", "element", {"using": "css selector", "value": selector})
        element = next(iter((found.get("value", found) if "value" in found else found).values()))
        at = f"element/{element}/value"
        self._send("ElementSendKeys", at, {"id": element, "text": str(file)})


def _filter(name: str) -> str:
    return json.dumps({"name": name, "type": "filter"}, separators=(",", ":"))


@contextlib.contextmanager
def firefox(folder: Path) -> Iterator[Engine]:
    """Debian's Firefox without a window, with a new profile in this folder."""
    if not FIREFOX.exists():
        allowances.skip_without_package("firefox-esr")
    port = servers.free_port()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (folder / "user.js").write_text("\n".join([*lines, f'user_pref("marionette.port", {port});']))
    options = (
        "--headless",
        "--no-remote",
        "--marionette",
        "-remote-allow-system-access",
        "--profile",
        folder,
    )
    home = {**os.environ, "HOME": str(folder), "MOZ_HEADLESS_WIDTH": "1280", "MOZ_HEADLESS_HEIGHT": "900"}
    with (
        servers.running([FIREFOX, *options, "about:blank"], log=folder / "log", env=home),
        _connected(port) as line,
    ):
        _heard(line)  # it says which protocol it speaks
        numbers = iter(range(1, 1_000_000))

        def send(command: str, _path: str, values: dict[str, Any]) -> Any:
            said = json.dumps([0, next(numbers), f"WebDriver:{command}", values]).encode()
            line.sendall(f"{len(said)}:".encode() + said)
            _, _, error, result = _heard(line)
            assert error is None, f"{command}: {error['error']}: {error['message']}"
            return result.get("value", result) if isinstance(result, dict) else result

        send("NewSession", "", {})
        yield Engine("Firefox", send)


@contextlib.contextmanager
def _connected(port: int) -> Iterator[socket.socket]:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
            break
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
    with line:
        yield line


def _heard(line: socket.socket) -> Any:
    """One message: its length, a colon, and that many bytes of JSON."""
    length = b""
    while (letter := line.recv(1)) != b":":
        assert letter, "Firefox hung up"
        length += letter
    said = b""
    while len(said) < int(length):
        piece = line.recv(int(length) - len(said))
        assert piece, "Firefox hung up"
        said += piece
    return json.loads(said)


@contextlib.contextmanager
def webkit(folder: Path) -> Iterator[Engine]:
    """Debian's WebKitGTK in its MiniBrowser, on a screen of its own; downloads go into this folder."""
    if not WEBKIT.exists():
        allowances.skip_without_package("webkit2gtk-driver")
    if not XVFB.exists():
        allowances.skip_without_package("xvfb")
    browser = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))[-1]
    port = servers.free_port()
    with contextlib.ExitStack() as stack:
        screen = stack.enter_context(_screen())
        home = {
            **os.environ,
            "DISPLAY": screen,
            "HOME": str(folder),
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        }
        command = ["dbus-run-session", "--", WEBKIT, f"--port={port}"]
        if not Path("/usr/bin/dbus-run-session").exists():
            command = command[2:]
        stack.enter_context(servers.running(command, log=folder / "log", env=home))
        wanted = {
            "browserName": "MiniBrowser",
            "webkitgtk:browserOptions": {"binary": str(browser), "args": ["--automation"]},
        }
        opened = _told(f"http://127.0.0.1:{port}/session", {"capabilities": {"alwaysMatch": wanted}})
        session = f"http://127.0.0.1:{port}/session/{opened['sessionId']}"
        _told(f"{session}/window/rect", {"width": 1280, "height": 900})
        yield Engine("WebKit", lambda _command, path, values: _told(f"{session}/{path}", values))


@contextlib.contextmanager
def _screen() -> Iterator[str]:
    reads, writes = os.pipe()
    size = ("-screen", "0", "1400x1000x24", "-nolisten", "tcp")
    server = subprocess.Popen(
        [XVFB, "-displayfd", str(writes), *size],
        pass_fds=[writes],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writes)
    try:
        with os.fdopen(reads) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def _told(address: str, values: dict[str, Any]) -> Any:
    asked = urllib.request.Request(
        address, data=json.dumps(values).encode(), headers={"Content-Type": "application/json"}
    )
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refusal:
            raise AssertionError(f"{address}: {refusal.read().decode()}") from refusal
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
