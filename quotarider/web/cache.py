"""A cache that may vanish: nothing that is promised lives in it."""

import logging
import time
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

LOG_EVERY_SECONDS = 60
RETRY_AFTER_SECONDS = 1  # a page asks several times; only the first waits for the timeout


class ForgivingRedisClient(RedisCacheClient):
    """Answers like an empty cache while Redis is unreachable."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **options)
        self._gone_until = self._silent_until = float("-inf")

    def _forgive(self, method: str, instead: Any, *args: Any) -> Any:
        if time.monotonic() < self._gone_until:
            return instead
        try:
            return getattr(super(), method)(*args)
        except (RedisError, OSError) as broken:
            self._note(broken)
            return instead

    def _note(self, broken: Exception) -> None:
        now = time.monotonic()
        self._gone_until = now + RETRY_AFTER_SECONDS
        if now >= self._silent_until:
            self._silent_until = now + LOG_EVERY_SECONDS
            log.warning("cache unreachable, going on without: error=%s", type(broken).__name__)

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        return bool(self._forgive("add", True, key, value, timeout))

    def get(self, key: Any, default: Any) -> Any:
        return self._forgive("get", default, key, default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._forgive("set", None, key, value, timeout)

    def touch(self, key: Any, timeout: Any) -> bool:
        return bool(self._forgive("touch", False, key, timeout))

    def delete(self, key: Any) -> bool:
        return bool(self._forgive("delete", False, key))

    def get_many(self, keys: Any) -> dict[Any, Any]:
        found: dict[Any, Any] = self._forgive("get_many", {}, keys)
        return found

    def has_key(self, key: Any) -> bool:
        return bool(self._forgive("has_key", False, key))

    def incr(self, key: Any, delta: int) -> int:
        return int(self._forgive("incr", delta, key, delta))

    def set_many(self, data: Any, timeout: Any) -> None:
        self._forgive("set_many", None, data, timeout)

    def delete_many(self, keys: Any) -> None:
        self._forgive("delete_many", None, keys)

    def clear(self) -> bool:
        return bool(self._forgive("clear", False))


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, without its exceptions. LOCATION may be redis://… or unix:///path/to/socket."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ForgivingRedisClient
