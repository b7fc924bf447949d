"""Senders that try again until they are answered, while the web processes are killed under them."""

import http.client
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from leads.models import IntakeRecord, Lead
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from tests.factories import leads
from tests.factories.accounts import api_key
from tests.faults import stack

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "clock"])

SENDERS, EACH = 6, 25
ACKNOWLEDGED = (200, 201, 202)


def deliver(web: stack.Web, token: str, sent: dict[str, Any], key: str) -> tuple[str, int]:
    """Sends one lead until it is acknowledged; returns its id and how often that took."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    for attempt in range(1, 200):
        try:
            status, body = web.ask("POST", "/api/v1/leads/", sent, headers)
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            continue
        assert status in ACKNOWLEDGED or status >= 500, (status, body)
        if status in ACKNOWLEDGED:
            return json.loads(body)["id"], attempt
        time.sleep(0.05)
    raise AssertionError(f"never acknowledged: {web.piece.said[-3000:]}")


class TestKilledWebProcesses:
    def test_every_acknowledged_lead_is_stored_exactly_once(
        self, tmp_path: Path, acme: Workspace, admin: Member, nothing_is_broken: Any
    ) -> None:
        _, token = api_key(admin)
        sent = {f"key-{n}": leads.payload(**(leads.QUALIFIED if n % 2 else {})) for n in range(SENDERS * EACH)}
        acknowledged: dict[str, str] = {}

        with stack.web(tmp_path) as web:

            def strike(dice: random.Random) -> None:
                if web.piece.deaths % 6 == 4:
                    web.piece.kill()
                    web.piece.start()
                else:
                    web.piece.kill_a_child(dice)

            def send(keys: list[str]) -> int:
                attempts = 0
                for key in keys:
                    acknowledged[key], tries = deliver(web, token, sent[key], key)
                    attempts += tries
                return attempts

            parts = [list(sent)[n::SENDERS] for n in range(SENDERS)]
            with stack.chaos(strike, every=(0.1, 0.5), times=14), ThreadPoolExecutor(SENDERS) as pool:
                attempts = sum(pool.map(send, parts))
            web.wait()
            again = {key: deliver(web, token, sent[key], key)[0] for key in list(sent)[:20]}
        assert web.piece.deaths > 3
        print(f"{attempts} attempts for {len(sent)} leads, {web.piece.deaths} kills")

        assert again.items() <= acknowledged.items()
        with tenancy.scope(acme.pk):
            stored = {record.key: str(record.lead.public_id) for record in IntakeRecord.objects.select_related("lead")}
            assert stored == {f"key:{key}": public_id for key, public_id in acknowledged.items()}
            assert IntakeRecord.objects.count() == Lead.objects.count() == len(sent)
