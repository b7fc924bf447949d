from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """What members are told in the app, and what leaves the house through the outbox."""

    name = "quotarider.notifications"
    label = "notifications"
