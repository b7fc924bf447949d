from django.apps import AppConfig


class SlaConfig(AppConfig):
    """Agreement, promises, business time, clocks, enforcement, SLA board."""

    name = "sla"
