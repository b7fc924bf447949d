"""`manage.py check_invariants`: exits with 1 where one of the four invariants is broken."""

import dataclasses
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quotarider import invariants
from quotarider.accounts import queries as accounts


class Command(BaseCommand):
    """Reads only; safe on a running system, where each check sees one moment."""

    help = "Checks the four invariants over the whole database, or in one workspace."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """--workspace narrows it, --json is for programs."""
        parser.add_argument("--workspace", metavar="SLUG", help="only this workspace")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was counted and what is broken, with ids only."""
        workspaces = accounts.workspaces()
        if options["workspace"]:
            workspaces = workspaces.filter(slug=options["workspace"])
            if not workspaces:
                raise CommandError(f"There is no workspace {options['workspace']!r}.")
        catalogue = invariants.of_catalogue()
        verdicts = [invariants.of_workspace(workspace) for workspace in workspaces]
        broken = len(catalogue) + sum(len(verdict.findings) for verdict in verdicts)
        if options["json"]:
            found = {"catalogue": catalogue, "workspaces": verdicts}
            self.stdout.write(json.dumps({"is_kept": not broken, **found}, default=dataclasses.asdict, indent=1))
        else:
            self._tell(catalogue, verdicts, broken)
        if broken:
            raise SystemExit(1)

    def _tell(self, catalogue: list[invariants.Finding], verdicts: list[invariants.Verdict], broken: int) -> None:
        for finding in catalogue:
            self._line(finding)
        for verdict in verdicts:
            counts = ", ".join(f"{count:,} {name}" for name, count in verdict.counts.items())
            self.stdout.write(f"{verdict.slug}: {counts}")
            if verdict.waiting:
                self.stdout.write(f"  {verdict.waiting:,} steps wait: no clock runs (start `manage.py clock`).")
            for finding in verdict.findings:
                self._line(finding)
        where = "1 workspace" if len(verdicts) == 1 else f"{len(verdicts)} workspaces"
        self.stdout.write(f"BROKEN: {broken} checks." if broken else f"All four invariants hold in {where}.")

    def _line(self, finding: invariants.Finding) -> None:
        self.stdout.write(f"  BROKEN invariant {finding.invariant}: {finding.check}: {finding.count:,} rows")
        for row_id, detail in finding.rows:
            self.stdout.write(f"    {row_id or ''} {detail}".rstrip())
        if finding.count > len(finding.rows):
            self.stdout.write(f"    … and {finding.count - len(finding.rows):,} more")
