from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Verdicts, reasons, outcomes, campaign results."""

    name = "feedback"
