"""Production: everything from the environment, nothing weak accepted."""

from django.core.exceptions import ImproperlyConfigured

from quotarider.settings.base import *  # noqa: F403
from quotarider.settings.base import SECRET_KEY
from quotarider.settings.env import env

if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY must be set to at least 50 random characters.")

SECRET_KEY_FALLBACKS = env.list("QR_SECRET_KEY_FALLBACKS", default=[])
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("QR_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
EMAIL_BACKEND = env.str("QR_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
