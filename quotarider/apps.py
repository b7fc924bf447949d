"""Start-up: events are connected to their subscribers."""

from importlib import import_module

from django.apps import AppConfig

from quotarider import events


class QuotaRiderConfig(AppConfig):
    """The composition: commands, lifecycle, Celery."""

    name = "quotarider"
    label = "quotarider"

    def ready(self) -> None:
        import_module("quotarider.celery")
        events.connect(import_module("quotarider.lifecycle").LIFECYCLE)
