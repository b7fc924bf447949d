"""A real browser against the real pages, under the product's own content security policy."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page

from quotarider.accounts.models import Member

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session", autouse=True)
def database_beside_the_browser() -> Iterator[None]:
    """Playwright keeps an event loop in this thread, which Django would take for a view's."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The Chromium that the launcher found."""
    return {"executable_path": os.environ["QR_CHROMIUM"], "args": ARGUMENTS}


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complained of: refused resources, script errors. To be empty at the end."""
    told: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # a refused form is told by its status, and Chromium says so
        if message.type == "error" and "422" not in message.text:
            told.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: told.append(str(error)))
    return told


@pytest.fixture
def sign_in(page: Page, live_server: Any) -> Callable[[Member], Page]:
    """`sign_in(rep)`: the page, with the member's session."""

    def enter(member: Member) -> Page:
        browser = Client()
        browser.force_login(member.user)
        cookie = browser.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return page

    return enter
