from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    """Verdicts, reasons, outcomes, campaign results."""

    name = "feedback"

    def ready(self) -> None:
        from quotarider.web.navigation import NavItem, register

        register(
            NavItem(
                _("Campaigns"),
                "feedback:campaigns",
                "view_campaigns",
                icon="megaphone",
                group="Contract",
                order=40,
                first_for=("marketer",),
            ),
            NavItem(
                _("Returned"),
                "feedback:returned",
                "decide_returned",
                icon="undo-2",
                order=15,
                count=_waiting,
            ),
        )


def _waiting(request: Any) -> tuple[int, bool]:
    """How many leads wait for marketing's decision; urgent when one is late."""
    from feedback.queries import returned

    waiting, late = returned.count(request.now)
    return waiting, late > 0
