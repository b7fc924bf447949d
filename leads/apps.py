from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """People, companies, intake, matching, touchpoints, campaigns, lead definition, scoring."""

    name = "leads"
