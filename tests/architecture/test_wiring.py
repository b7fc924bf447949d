"""Tasks, events and their tables of routes: nothing hangs loose."""

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from quotarider import events, tenancy
from quotarider.celery import app
from quotarider.embedded import up
from quotarider.events import Event
from quotarider.lifecycle import LIFECYCLE
from quotarider.settings.env import ROOT
from quotarider.tenancy.tasks import WorkspaceTask

PACKAGES = ("quotarider", "leads", "handoff", "sla", "feedback")
CROSSES_WORKSPACES = {
    "sla.tasks.enforce_deadlines": "the sweep: one statement over all workspaces, as the clock role",
    "quotarider.notifications.tasks.deliver_outbox": "the drain: claims over all workspaces, as the clock role",
    "leads.tasks.resume_imports": "visits each workspace in turn, in its scope",
    "leads.tasks.refresh_scores": "visits each workspace in turn, in its scope",
}


def product_files() -> list[Path]:
    return [
        file
        for package in PACKAGES
        for file in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in file.parts
    ]


def tasks() -> dict[str, Any]:
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


class TestTasks:
    def test_each_opens_a_workspace_or_is_a_reviewed_driver(self) -> None:
        loose = {name for name, task in tasks().items() if not isinstance(task, WorkspaceTask)}
        assert loose == set(CROSSES_WORKSPACES)

    @pytest.mark.parametrize("name", [n for n, t in tasks().items() if isinstance(t, WorkspaceTask)])
    def test_one_of_a_workspace_refuses_to_run_without_it(self, name: str) -> None:
        task = tasks()[name]
        for args, kwargs in [
            ((1,), {}),
            ((), {}),
            ((), {"workspace_id": "1"}),
            ((1,), {"workspace_id": 1}),
            ((), {"workspace_id": None}),
        ]:
            with pytest.raises(TypeError, match="keyword arguments only"):
                task(*args, **kwargs)

    @pytest.mark.parametrize("name", sorted(tasks()))
    def test_arguments_are_named_and_may_grow(self, name: str) -> None:
        parameters = inspect.signature(tasks()[name].run).parameters.values()
        assert {p.kind for p in parameters} <= {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}
        assert any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters), (
            "an older worker must take a newer call"
        )

    def test_routes_and_schedule_name_tasks_that_exist(self) -> None:
        named = {*app.conf.task_routes, *(entry["task"] for entry in app.conf.beat_schedule.values())}
        assert named - set(tasks()) == set()

    def test_scheduled_ones_expire_before_they_pile_up(self) -> None:
        for entry in app.conf.beat_schedule.values():
            assert entry["options"]["expires"] <= entry["schedule"]

    def test_each_queue_has_a_worker(self) -> None:
        queues = {app.conf.task_default_queue, *(route["queue"] for route in app.conf.task_routes.values())}
        embedded = {queue for names, _ in up.QUEUES.values() for queue in names.split(",")}
        compose = re.findall(r'--queues, (?:"([\w,]+)"|(\w+))', (ROOT / "docker-compose.yml").read_text())
        assert embedded == queues == {queue for names in compose for queue in "".join(names).split(",")}

    def test_acknowledging_late_is_the_rule(self) -> None:
        assert app.conf.task_acks_late and app.conf.task_reject_on_worker_lost

    def test_names_that_are_enqueued_exist(self) -> None:
        source = "\n".join(file.read_text() for file in product_files())
        enqueued = set(re.findall(r"enqueue\(\s*\"([\w.]+)\"", source))
        assert enqueued and enqueued <= set(tasks())

    def test_nothing_is_sent_but_through_enqueue(self) -> None:
        senders = {
            str(file.relative_to(ROOT))
            for file in product_files()
            if re.search(r"\.(delay|apply_async|send_task|s|si)\(", file.read_text())
        }
        assert senders == {"quotarider/tenancy/tasks.py"}


def event_classes(base: type[Event] = Event) -> set[type[Event]]:
    found = set(base.__subclasses__())
    return {each for each in found.union(*map(event_classes, found)) if each.__module__.split(".")[0] in PACKAGES}


class TestEvents:
    def test_each_has_a_row_in_the_lifecycle(self) -> None:
        assert event_classes() == set(LIFECYCLE)

    @pytest.mark.parametrize("event", LIFECYCLE, ids=lambda e: e.__name__)
    def test_each_row_s_event_is_published_somewhere(self, event: type[Event]) -> None:
        published = re.compile(rf"events\.publish\(\s*(\w+\.)?{event.__name__}\(")
        assert any(published.search(file.read_text()) for file in product_files())

    @pytest.mark.parametrize("event", LIFECYCLE, ids=lambda e: e.__name__)
    def test_each_is_frozen(self, event: type[Event]) -> None:
        assert event.__dataclass_params__.frozen  # type: ignore[attr-defined]

    @pytest.mark.parametrize("event", LIFECYCLE, ids=lambda e: e.__name__)
    def test_subscribers_are_those_of_stages(self, event: type[Event]) -> None:
        for subscriber in LIFECYCLE[event]:
            assert subscriber.__module__.endswith(".subscribers")

    def test_a_stage_hears_no_later_stage_s_events(self) -> None:
        """Except the platform's; else the story would run backwards without anybody seeing it in the imports."""
        for event, subscribers in LIFECYCLE.items():
            stage = event.__module__.split(".")[0]
            if stage in PACKAGES[1:]:
                assert all(PACKAGES.index(s.__module__.split(".")[0]) >= PACKAGES.index(stage) for s in subscribers)

    @pytest.mark.django_db(transaction=True)
    def test_publishing_outside_a_transaction_raises(self, at: Any) -> None:
        with pytest.raises(transaction.TransactionManagementError):
            events.publish(next(iter(LIFECYCLE))(1, at, 1))

    @pytest.mark.django_db
    def test_publishing_what_is_in_no_row_raises(self, at: Any) -> None:
        with pytest.raises(events.UnroutedEvent):
            events.publish(Event(1, at))


class TestSettings:
    def test_the_environment_gives_each_alias_its_role(self) -> None:
        assert settings.DATABASES["default"]["USER"] == "qr_app"
        assert settings.DATABASES["clock"]["USER"] == "qr_clock"

    def test_requests_are_atomic_by_the_scope_alone(self) -> None:
        """With ATOMIC_REQUESTS the setting of row-level security would lie outside the view's transaction."""
        assert not any(each.get("ATOMIC_REQUESTS") for each in settings.DATABASES.values())

    def test_the_scope_s_module_is_the_only_one_that_sets_the_workspace(self) -> None:
        setters = {str(f.relative_to(ROOT)) for f in product_files() if "set_config('app.workspace'" in f.read_text()}
        assert setters == {"quotarider/tenancy/scopes.py"}
        assert tenancy.scope.__module__ == "quotarider.tenancy.scopes"
