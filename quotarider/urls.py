"""Every address: the entrance, the pages of a workspace, the API."""

from importlib.util import find_spec
from typing import Any

from django.urls import include, path
from django.urls.resolvers import URLResolver
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from handoff.views import pulse
from quotarider.web.views import entrance
from sla.views import health as clock

STAGES = ("leads", "handoff", "sla", "feedback")


def _stages(module: str) -> list[URLResolver]:
    found = (f"{stage}.{module}" for stage in STAGES)
    return [path("", include(name)) for name in found if _exists(name)]


def _exists(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


workspace: list[Any] = [
    path("", entrance.workspace_home, name="workspace-home"),
    path("settings/", include("quotarider.web.urls.settings")),
    path("notifications/", include("quotarider.web.urls.notifications")),
    *_stages("urls"),
]

urlpatterns: list[Any] = [
    path("", entrance.home, name="home"),
    path("healthz", entrance.healthz, name="healthz"),
    path("healthz/clock", clock.healthz_clock, name="healthz-clock"),
    path("pulse/<str:token>/", pulse.pulse, name="pulse"),
    path("workspaces/", entrance.workspaces, name="workspaces"),
    path("workspaces/new/", entrance.workspace_new, name="workspace-new"),
    path("join/<str:token>/", entrance.join, name="join"),
    path("accounts/signup/", entrance.sign_up, name="account_signup"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("w/<slug:workspace>/", include(workspace)),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "api/docs/",
        SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="web/api_docs.html"),
        name="api-docs",
    ),
    path("api/v1/", include(_stages("api.urls"))),
]

handler400 = "quotarider.handlers.bad_request"
handler403 = "quotarider.handlers.forbidden"
handler404 = "quotarider.handlers.not_found"
handler500 = "quotarider.handlers.server_error"
