"""`manage.py up`: one machine, loopback only, mails printed into the log."""

from quotarider.settings.base import *  # noqa: F403
from quotarider.settings.env import env

DEBUG = env.bool("QR_DEBUG", False)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = env.str("QR_EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend")
