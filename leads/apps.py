from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    """People, companies, intake, matching, touchpoints, campaigns, lead definition, scoring."""

    name = "leads"

    def ready(self) -> None:
        from quotarider.web.navigation import NavItem, register

        register(NavItem(_("Leads"), "leads:list", "view_leads", icon="users", group="", order=40))
        register(NavItem(_("Imports"), "leads:imports", "import_leads", icon="upload", group="Data", order=60))
