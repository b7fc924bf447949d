from django.apps import AppConfig


class ApiConfig(AppConfig):
    """What all endpoints share: keys, scopes, strict JSON, problem details, the OpenAPI document."""

    name = "quotarider.api"
    label = "api"

    def ready(self) -> None:
        from quotarider.api import schema  # noqa: F401  registers the security scheme
