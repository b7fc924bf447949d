"""A rep works a lead by keyboard alone, its manager sees what is late, and no page trips over itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from handoff.models import Touch
from leads.models import Lead
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from tests.factories import handoffs, leads

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "clock"])]
SignIn = Callable[[Member], Page]


@pytest.fixture
def worked(acme: Workspace, rep: Member, manager: Member, marketer: Member) -> Workspace:
    """Two hot leads in the rep's queue, one nurtured."""
    with tenancy.scope(acme.pk) as scope:
        handoffs.team(manager, rep)
        earlier = scope.now - timedelta(minutes=3)
        handoffs.handoff(at=earlier, full_name="Amara Osei", email="amara@northwind.com", campaign="Webinar")
        handoffs.handoff(at=scope.now, full_name="Jonas Weber", email="jonas@helio.com")
        leads.lead(at=scope.now, **leads.NURTURED)
    return acme


def _state_of(acme: Workspace, email: str) -> str:
    with tenancy.scope(acme.pk):
        return Lead.objects.get(person__email_norm=email).state


class TestARepsDay:
    def test_signs_in_by_mail_and_password(self, page: Page, live_server: Any, worked: Workspace, rep: Member) -> None:
        page.goto(f"{live_server.url}/")
        page.get_by_label("Email").fill(rep.user.email)
        page.get_by_label("Password").fill("correct horse battery staple")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1).first).to_have_text("2 leads need you")

    def test_works_leads_by_keyboard(
        self, sign_in: SignIn, live_server: Any, worked: Workspace, rep: Member, complaints: list[str]
    ) -> None:
        page = sign_in(rep)
        page.goto(f"{live_server.url}/w/acme/queue/")
        focus = page.locator("#focus")
        expect(focus.get_by_role("heading", level=1)).to_have_text("Amara Osei")

        page.keyboard.press("c")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("1")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(focus).to_contain_text("Call: reached")
        assert _state_of(worked, "amara@northwind.com") == "working"

        page.keyboard.press("r")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.get_by_role("dialog").get_by_text("Not now, later").click()
        page.get_by_role("dialog").locator("button[type=submit], button.primary").last.click()
        expect(page.get_by_role("dialog")).to_be_hidden()
        assert _state_of(worked, "amara@northwind.com") == "returned"
        expect(page.locator("#queue-list")).not_to_contain_text("Amara Osei")
        assert complaints == []

    def test_moves_through_the_list_by_keyboard(
        self, sign_in: SignIn, live_server: Any, worked: Workspace, rep: Member
    ) -> None:
        page = sign_in(rep)
        page.goto(f"{live_server.url}/w/acme/queue/")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator("#focus").get_by_role("heading", level=1)).to_have_text("Jonas Weber")

    def test_one_touch_is_one_touch(self, sign_in: SignIn, live_server: Any, worked: Workspace, rep: Member) -> None:
        page = sign_in(rep)
        page.goto(f"{live_server.url}/w/acme/queue/")
        page.keyboard.press("e")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("1")
        expect(page.get_by_role("dialog")).to_be_hidden()
        with tenancy.scope(worked.pk):
            assert Touch.objects.count() == 1

    def test_works_without_javascript(self, browser: Any, live_server: Any, worked: Workspace, rep: Member) -> None:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{live_server.url}/")
        page.get_by_label("Email").fill(rep.user.email)
        page.get_by_label("Password").fill("correct horse battery staple")
        page.locator("button[type=submit]").first.click()
        page.get_by_role("link", name="Log call").click()
        page.get_by_role("button", name="Reached").click()
        assert _state_of(worked, "amara@northwind.com") == "working"
        context.close()


PAGES = {
    "rep": ["queue/", "leads/", "notifications/", "settings/profile/"],
    "marketer": ["returned/", "campaigns/", "campaigns/new/", "imports/", "leads/new/"],
    "manager": ["board/", "agreement/"],
    "revops": ["agreement/definition/edit/", "agreement/terms/edit/", "settings/members/", "settings/keys/"],
}


class TestEveryPage:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("role", [*PAGES])
    def test_is_accessible_and_quiet(
        self,
        sign_in: SignIn,
        live_server: Any,
        worked: Workspace,
        complaints: list[str],
        request: pytest.FixtureRequest,
        role: str,
        scheme: Any,
    ) -> None:
        page = sign_in(request.getfixturevalue(role))
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = []
        for path in PAGES[role]:
            page.goto(f"{live_server.url}/w/acme/{path}")
            for rule in Axe().run(page).response["violations"]:
                found += [(path, rule["id"], node["html"][:120]) for node in rule["nodes"]]
        assert found == []
        assert complaints == []

    @pytest.mark.parametrize("role", [*PAGES])
    def test_fits_a_phone(
        self, sign_in: SignIn, live_server: Any, worked: Workspace, request: pytest.FixtureRequest, role: str
    ) -> None:
        page = sign_in(request.getfixturevalue(role))
        page.set_viewport_size({"width": 390, "height": 844})
        wide = []
        for path in PAGES[role]:
            page.goto(f"{live_server.url}/w/acme/{path}")
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append(path)
        assert wide == []
