"""Two furnished workspaces, really committed, shared by the tests of a module."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from tests import database
from tests.factories import world
from tests.factories.world import World


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[World, World]]:
    """acme and zenith (a name that no word holds), each with a row in every tenant table. Their tests carry no django_db mark: transactions are real."""
    with django_db_blocker.unblock():
        try:
            yield world.build("acme", timezone="Europe/Berlin"), world.build("zenith")
        finally:
            for alias in connections:
                connections[alias].close()
            database.empty()


@pytest.fixture(scope="module")
def acme_world(worlds: tuple[World, World]) -> World:
    return worlds[0]
