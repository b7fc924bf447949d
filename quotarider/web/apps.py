from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    """What all pages share: shell, navigation, permissions, settings pages, the entrance."""

    name = "quotarider.web"
    label = "web"

    def ready(self) -> None:
        from quotarider.web.navigation import SETTINGS, NavItem, register

        register(
            NavItem(_("Settings"), "settings:index", "manage_members", icon="settings", group="Data", order=90),
            NavItem(_("Members"), "settings:members", "manage_members", group=SETTINGS, order=10),
            NavItem(_("API keys"), "settings:keys", "manage_keys", group=SETTINGS, order=20),
            NavItem(_("Audit"), "settings:audit", "view_audit", group=SETTINGS, order=80),
            NavItem(_("Your profile"), "settings:profile", None, group=SETTINGS, order=90),
        )
