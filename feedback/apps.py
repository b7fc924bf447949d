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
            )
        )
