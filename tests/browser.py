"""A real Chromium for the tests of the page: no network, a fresh profile, every request and error noted."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-dev-shm-usage", "--force-prefers-reduced-motion", "--lang=en-GB")  # fmt: skip


def chromium() -> tuple[str, str]:
    """Paths of Chromium and its driver. Skips the test, saying so, where there is none."""
    pytest.importorskip("selenium", reason="selenium is not installed")
    browser = next((p for name in ("chromium", "chromium-browser", "google-chrome", "chrome") if (p := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if not browser or not driver:
        pytest.skip("no Chromium with its driver on this machine")
    return browser, driver


class Window:
    """One browser window; `errors` and `requests` tell what went wrong and what was asked for since the last look."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def size(self, width: int, height: int) -> None:
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def open(self, path: Path, address: str = "", settle: float = 0.15) -> None:
        self.driver.get("about:blank")
        self.driver.get(f"{path.resolve().as_uri()}{address}")
        self.wait("return document.body && document.body.dataset.ready")
        time.sleep(settle)

    def wait(self, script: str, seconds: float = 30) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if (value := self.driver.execute_script(script)) not in (None, False, ""):
                return value
            time.sleep(0.05)
        raise AssertionError(f"waited {seconds} s for: {script}; {self.errors()}")

    def ask(self, script: str, *given: object) -> Any:
        return self.driver.execute_script(f"return {script}", *given)

    def press(self, *keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def errors(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def requests(self) -> list[str]:
        """Addresses asked for, without the page itself and what it makes by itself."""
        told = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        urls = [m["params"]["request"]["url"] for m in told if m["method"] == "Network.requestWillBeSent"]
        return [u for u in urls if not u.startswith(("file:", "data:", "blob:", "about:", "chrome"))]


@contextmanager
def window(width: int = 1400, height: int = 900) -> Iterator[Window]:
    """A window of this size; ended afterwards."""
    browser, driver = chromium()
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        started = webdriver.Chrome(options=options, service=Service(driver))
        try:
            found = Window(started)
            found.size(width, height)
            yield found
        finally:
            started.quit()
