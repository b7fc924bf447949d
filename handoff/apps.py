from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HandoffConfig(AppConfig):
    """Routing, queue, context packet, touches."""

    name = "handoff"

    def ready(self) -> None:
        from quotarider.web.navigation import SETTINGS, NavItem, provide, register

        register(
            NavItem(
                _("Queue"),
                "handoff:queue",
                "view_queue",
                icon="inbox",
                order=10,
                key="queue",
                count=_count,
                first_for=("rep",),
            ),
            NavItem(_("Teams"), "handoff:teams", None, group=SETTINGS, order=15),
        )
        provide("pulse_url", _pulse_url)


def _count(request: Any) -> tuple[int, bool]:
    """How many leads need the member; urgent when one is late."""
    from handoff import queries
    from handoff.rules import listing

    found = getattr(request, "queue_summary", None) or listing.summary(
        [act_by for _pk, act_by, _given in queries.rows_of(request.member.pk)], request.now
    )
    return found.count, found.late > 0


def _pulse_url(request: Any) -> str:
    from handoff.views import pulse

    return pulse.url_of(request.member) if request.member.may("view_queue") else ""
