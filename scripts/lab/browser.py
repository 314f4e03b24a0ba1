"""Look at Home Assistant's real frontend with Chromium, logged in and kept off the network."""

import json
import os
import shutil
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from playwright.async_api import (
    Browser as Chromium,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Request,
    async_playwright,
)

from .access import Access

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Loopback only: whatever a page asks for elsewhere fails at once, as it would in a closed house.
FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
FAR_FUTURE_MS = 4_102_444_800_000
TOKEN_SECONDS = 315_360_000


@dataclass(kw_only=True)
class Tab:
    """A page, and what went wrong on it: script errors, failed requests, errors on the console."""

    page: Page
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin to listen."""
        self.page.on("pageerror", self._on_script_error)
        self.page.on("console", self._on_console)
        self.page.on("requestfailed", self._on_request_failed)

    def _on_script_error(self, error: Error) -> None:
        self.problems.append(f"script: {error}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def _on_request_failed(self, request: Request) -> None:
        self.problems.append(f"request: {request.url}")


class Browser:
    """Chromium for one Home Assistant; an async context manager."""

    def __init__(self, access: Access) -> None:
        """Remember whose frontend to show."""
        self._access = access

    async def __aenter__(self) -> Self:
        """Start Chromium; raises FileNotFoundError when the machine has none."""
        search = f"{os.environ.get('PATH', '')}:/usr/bin"
        program = next(filter(None, (shutil.which(name, path=search) for name in NAMES)), None)
        if program is None:
            raise FileNotFoundError("chromium is not installed")
        self._playwright: Playwright = await async_playwright().start()
        self._chromium: Chromium = await self._playwright.chromium.launch(
            executable_path=program, args=list(FLAGS), headless=True
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close everything."""
        await self._chromium.close()
        await self._playwright.stop()

    async def tab(
        self,
        path: str = "/",
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        language: str = "en",
        logged_in: bool = True,
        **context: Any,
    ) -> Tab:
        """Open a path of the frontend in a fresh profile.

        context: further options of Playwright's `new_context`.
        """
        profile = await self._chromium.new_context(
            viewport={"width": width, "height": height},
            locale="en-GB",
            color_scheme="dark" if dark else "light",
            timezone_id="Europe/Amsterdam",
            reduced_motion="reduce",
            service_workers="block",
            **context,
        )
        if logged_in:
            await self._log_in(profile, language)
        tab = Tab(page=await profile.new_page())
        await tab.page.goto(self._access.url + path, wait_until="commit")
        return tab

    async def _log_in(self, profile: BrowserContext, language: str) -> None:
        # In the shape in which the frontend itself keeps a login.
        tokens = {
            "access_token": self._access.token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "hassUrl": self._access.url,
            "clientId": f"{self._access.url}/",
            "expires": FAR_FUTURE_MS,
            "refresh_token": "",
        }
        kept = {
            "hassTokens": json.dumps(tokens),
            "selectedLanguage": json.dumps(language),
            "dockedSidebar": json.dumps("always_hidden"),
        }
        await profile.add_init_script(
            "".join(
                f"localStorage.setItem({json.dumps(key)}, {json.dumps(value)});"
                for key, value in kept.items()
            )
        )
