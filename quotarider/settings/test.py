"""`manage.py test`: the same as everywhere, with a cheap password hasher and no outside."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)

from quotarider.settings.base import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["*"]
ACCOUNT_RATE_LIMITS = False
CELERY_TASK_ALWAYS_EAGER = False
