from django.apps import AppConfig


class HandoffConfig(AppConfig):
    """Routing, queue, context packet, touches."""

    name = "handoff"
