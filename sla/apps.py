from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    """Agreement, promises, business time, clocks, enforcement, SLA board."""

    name = "sla"

    def ready(self) -> None:
        from quotarider.web.navigation import NavItem, provide, register
        from sla.views import shell

        register(
            NavItem(
                _("SLA board"),
                "sla:board",
                "view_board",
                icon="timer",
                group="Contract",
                order=20,
                key="late",
                count=shell.late_count,
                first_for=("sales_manager", "marketing_manager"),
            ),
            NavItem(
                _("Agreement"),
                "sla:agreement",
                "view_agreement",
                icon="handshake",
                group="Contract",
                order=10,
                first_for=("revops", "admin"),
            ),
        )
        provide("clock_late_since", shell.clock_late_since)
        provide("working_hours", shell.working_hours)
