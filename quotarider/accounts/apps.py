from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, workspaces, members, invitations, API keys: read before the workspace is known, so without row-level security."""

    name = "quotarider.accounts"
    label = "accounts"
