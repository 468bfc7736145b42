"""The first visit to the Overview: bytes, and seconds until its chart is drawn, on a slow line and processor.

    python -m benchmarks.first_load [CHECKOUT of today's build] [FOLDER of published files]

Each build loads two published months and serves them; Chromium keeps nothing between visits. The line has 10
Mbit/s and 40 ms there and back, the processor is slowed four times. The aim: 0.63 of the bytes, and 1.5 s.
"""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.load import PUBLISHED
from benchmarks.today import RTT, YOURS, checkout, tell
from tests.servers import CHROMIUM, QUIET_CHROMIUM

VISITS = 5
LINE = {"offline": False, "latency": 40, "downloadThroughput": 1.25e6, "uploadThroughput": 1.25e6}
SLOWED = 4
SILENT = subprocess.DEVNULL
DRAWN = "() => document.querySelector('.js-plotly-plot .main-svg')"
OPTIMISTIC = 30  # seconds for a server to start and for its files to be compressed


def main() -> None:
    folders = [Path(each) for each in sys.argv[1:] if (Path(each) / "national").is_dir()]
    months = sorted(((folders or [PUBLISHED])[0] / "national").glob("*.zip"))[-2:]
    if not months:
        sys.exit("no published months: nothing to measure")
    builds = [each for each in (checkout(), YOURS) if each]
    with contextlib.ExitStack() as open_:
        addresses = [open_.enter_context(served(each, months)) for each in builds]
        browser = open_.enter_context(sync_playwright()).chromium.launch(
            executable_path=CHROMIUM, args=["--headless", "--no-sandbox", *QUIET_CHROMIUM]
        )
        for address in addresses:
            wait_until_packed(address)
        turns = [[visit(browser, address) for address in addresses] for _ in range(VISITS)]
        browser.close()
    for at, (work, target) in enumerate((("first load, kB", 0.63), ("chart of the Overview, s", 0.5))):
        *earlier, yours = (sorted(each[at] for each in of)[VISITS // 2] for of in zip(*turns, strict=True))
        tell(work, today=earlier[0] if earlier else None, yours=yours, target=target)


@contextlib.contextmanager
def served(build: Path, months: list[Path]) -> Iterator[str]:
    """The address of that build's own server, with these months in it."""
    with tempfile.TemporaryDirectory() as home, socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
        free.close()
        program = [build / ".venv/bin/python", "-c", RTT]
        own = {"RTT_HOME": home, "RTT_ACCESS": "none", "PATH": "/usr/bin:/bin"}
        subprocess.run([*program, "load", *months], env=own, cwd=build, check=True, capture_output=True)
        command = [*program, "serve", "--port", port]
        with subprocess.Popen(command, env=own, cwd=build, stdout=SILENT, stderr=SILENT) as server:
            try:
                yield answering(f"http://127.0.0.1:{port}")
            finally:
                server.terminate()


def answering(address: str) -> str:
    until = time.monotonic() + OPTIMISTIC
    while True:
        try:
            fetched(address)
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return address


def wait_until_packed(address: str) -> None:
    """Until every file comes as brotli, which is made from its first request on; or never does."""
    shell = fetched(address)[0].decode()
    files = [each for each in re.findall(r'src="(/[^"]+)"', shell) if "/async-" not in each]
    until = time.monotonic() + OPTIMISTIC
    while (
        any(fetched(address + each, "br, gzip")[1] == "gzip" for each in files) and time.monotonic() < until
    ):
        time.sleep(1)


def fetched(address: str, encodings: str = "identity") -> tuple[bytes, str]:
    asked = urllib.request.Request(address, headers={"Accept-Encoding": encodings})
    with urllib.request.urlopen(asked, timeout=OPTIMISTIC) as answer:
        return answer.read(), answer.headers.get("Content-Encoding", "")


def visit(browser: Browser, address: str) -> tuple[float, float]:
    """Kilobytes that came, and seconds until the chart was drawn."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", LINE)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    came: list[float] = []
    tools.on("Network.loadingFinished", lambda told: came.append(told["encodedDataLength"]))
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_function(DRAWN)
    seconds = time.perf_counter() - began
    page.wait_for_load_state("networkidle")
    context.close()
    return sum(came) / 1000, seconds


if __name__ == "__main__":
    main()
