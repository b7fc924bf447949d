"""Where allauth meets the product."""

import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailConfirmationMixin
from django.http import HttpRequest

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """After signing in or up: `/`, which knows the member's first screen."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: EmailConfirmationMixin, signup: bool
    ) -> None:
        """Confirming the address is optional: a mail server that is down must not keep anybody from signing up."""
        try:
            super().send_confirmation_mail(request, emailconfirmation, signup)
        except OSError as error:
            log.error("confirmation mail not sent: error=%s", type(error).__name__)
