import logging
from pathlib import Path

import pytest
from django.core.cache import cache as embedded

from quotarider.web.cache import ForgivingRedisCache


@pytest.fixture
def gone(tmp_path: Path) -> ForgivingRedisCache:
    """A cache whose socket nobody answers."""
    return ForgivingRedisCache(f"unix://{tmp_path}/nobody.sock", {"OPTIONS": {"socket_connect_timeout": 0.1}})


class TestWithoutRedis:
    def test_everything_is_a_miss(self, gone: ForgivingRedisCache) -> None:
        assert gone.get("key") is None
        assert gone.get("key", 7) == 7
        assert gone.get_many(["a", "b"]) == {}
        assert gone.has_key("key") is False
        assert gone.touch("key") is False
        assert gone.delete("key") is False
        assert gone.get_or_set("key", lambda: 3) == 3

    def test_nothing_that_writes_raises(self, gone: ForgivingRedisCache) -> None:
        gone.set("key", 1)
        gone.set_many({"a": 1})
        gone.delete_many(["a"])
        gone.clear()
        assert gone.add("key", 1) is True
        assert gone.incr("key") == 1
        assert gone.decr("key") == -1

    def test_it_is_said_once(self, gone: ForgivingRedisCache, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                gone._cache._gone_until = float("-inf")
                gone.get("key")
        assert [record.getMessage() for record in caplog.records] == [
            "cache unreachable, going on without: error=ConnectionError"
        ]


class TestWithRedis:
    def test_it_is_a_cache(self) -> None:
        embedded.set("tests:key", {"a": 1}, 10)
        assert embedded.get("tests:key") == {"a": 1}
        assert embedded.add("tests:key", 2) is False
        embedded.set("tests:n", 1, 10)
        assert embedded.incr("tests:n") == 2
        assert embedded.get_many(["tests:key", "tests:n", "tests:none"]) == {"tests:key": {"a": 1}, "tests:n": 2}
        assert embedded.delete("tests:key") is True
