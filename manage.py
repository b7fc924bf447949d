#!/usr/bin/env python3
"""Django's command line, and two commands more: `up` runs the product, `test` runs its tests.

Only Python 3.11 to 3.13 is needed beforehand: the environment is built from requirements.lock and entered first.
"""

import importlib
import os
import sys

from quotarider.embedded import bootstrap

LAUNCHERS = {"up": "quotarider.embedded.up", "test": "quotarider.embedded.testing"}


def main() -> None:
    """Enter the environment, then run a launcher or a Django command there."""
    bootstrap.enter()
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in LAUNCHERS:
        sys.exit(importlib.import_module(LAUNCHERS[command]).main(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotarider.settings.dev")
    importlib.import_module("quotarider.embedded.environment").adopt()
    importlib.import_module("django.core.management").execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
