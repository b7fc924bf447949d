"""JSON that PostgreSQL can store and that every reader understands in the same way."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

MAX_DEPTH = 64


class BodyTooLarge(APIException):
    """More than DATA_UPLOAD_MAX_MEMORY_SIZE."""

    status_code = 413
    default_detail = "The body is too large: send less at a time."
    default_code = "too_large"


class StrictJSONParser(BaseParser):
    """UTF-8 only; refuses NaN, Infinity and numbers beyond a double, repeated keys, NUL, lone surrogates, depth over 64."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Raises: ParseError (400) saying what is wrong, BodyTooLarge (413)."""
        return loads(_read(stream))


def loads(body: bytes) -> Any:
    """The value of a JSON text. Raises: ParseError."""
    try:
        text = body.decode("utf-8")
        value = json.loads(text, parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_once)
    except UnicodeDecodeError as broken:
        raise ParseError("The body is not UTF-8.") from broken
    except RecursionError as deep:
        raise ParseError(f"The JSON is nested more than {MAX_DEPTH} deep.") from deep
    except ValueError as broken:
        raise ParseError(f"The body is not JSON: {broken}.") from broken
    _check(value, has_escapes="\\u" in text)
    return value


def _read(stream: IO[bytes]) -> bytes:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise BodyTooLarge
    return body


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("a number is too large")
    return number


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated in an object")
    return found


def _check(value: Any, *, has_escapes: bool) -> None:
    """Walks level by level: depth always, strings only where an escape could have brought in what can't be stored."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise ParseError(f"The JSON is nested more than {MAX_DEPTH} deep.")
        if has_escapes:
            _check_strings(level)
        level = [child for node in level for child in _children(node)]


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return [*node.keys(), *node.values()]
    return node if isinstance(node, list) else []


def _check_strings(level: list[Any]) -> None:
    for node in level:
        if isinstance(node, str) and ("\x00" in node or not _is_encodable(node)):
            raise ParseError("A text holds a character that can't be stored (NUL, or half of a surrogate pair).")


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
