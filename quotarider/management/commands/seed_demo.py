"""`manage.py seed_demo`: a believable workspace, for trying the product and for screenshots."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quotarider.accounts.models import Workspace
from quotarider.demo import cast, seed


class Command(BaseCommand):
    """Seeds half a year of Northwind Software, once; without an option, all of it."""

    help = "Seeds the demo workspace: half a year of a software company, up to this minute."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--quick", action="store_true", help="the last three weeks only, in well under a minute")
        which.add_argument("--rest", action="store_true", help="the weeks before them; goes on where it was stopped")
        which.add_argument("--sign-ins", action="store_true", help="print who can sign in, as JSON")
        parser.add_argument("--seed", type=int, default=seed.SEED, help="another company, another story")
        parser.add_argument("--scale", type=float, default=1.0, help="how many leads; 1 is about a hundred a week")

    def handle(self, **options: Any) -> None:
        if options["sign_ins"]:
            self.stdout.write(json.dumps(cast.sign_ins(), ensure_ascii=False))
            return
        dice = {"seed": options["seed"], "scale": options["scale"]}
        if not options["rest"]:
            self._report("the last three weeks", seed.quick, dice)
        if not options["quick"]:
            self._report("the half year before", lambda **dice: sum(seed.rest(**dice)), dice)

    def _report(self, what: str, act: Callable[..., int], dice: dict[str, Any]) -> None:
        started = time.monotonic()
        try:
            leads = act(**dice)
        except Workspace.DoesNotExist:
            raise CommandError("There is no demo yet: run seed_demo --quick first.") from None
        if leads:
            self.stdout.write(f"Demo: {leads} leads of {what} in {time.monotonic() - started:.0f} s.")
