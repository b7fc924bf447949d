import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from quotarider.api import parsers

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


class TestLoads:
    @given(JSON, st.booleans())
    def test_reads_what_json_writes(self, value: object, ascii_only: bool) -> None:
        assert parsers.loads(json.dumps(value, ensure_ascii=ascii_only).encode()) == value

    @given(st.binary(max_size=60))
    def test_refuses_or_reads_any_bytes(self, body: bytes) -> None:
        try:
            value = parsers.loads(body)
        except ParseError:
            return
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()

    @pytest.mark.parametrize(
        "body, reason",
        [
            (b"{", "not JSON"),
            (b"", "not JSON"),
            (b'{"a": NaN}', "NaN is not a number"),
            (b"[Infinity]", "Infinity is not a number"),
            (b"[-Infinity]", "-Infinity is not a number"),
            (b"[1e400]", "a number is too large"),
            (b"[" + b"9" * 5000 + b"]", "not JSON"),
            (b'{"a": 1, "a": 2}', "a key is repeated"),
            (b'["\\u0000"]', "can't be stored"),
            (b'{"\\u0000": 1}', "can't be stored"),
            (b'["\\ud800"]', "can't be stored"),
            (b'["\xff"]', "not UTF-8"),
            (b'["\x00"]', "not JSON"),
            (b"[" * 65 + b"]" * 65, "nested more than 64 deep"),
            (b"[" * 100_000, "nested more than 64 deep"),
        ],
    )
    def test_refuses(self, body: bytes, reason: str) -> None:
        with pytest.raises(ParseError, match=reason):
            parsers.loads(body)

    def test_takes_a_pair_of_surrogates(self) -> None:
        assert parsers.loads(b'["\\ud83d\\ude00"]') == ["\U0001f600"]

    def test_takes_64_levels(self) -> None:
        assert parsers.loads(b"[" * 64 + b"]" * 64)


class TestParse:
    def test_refuses_a_body_over_the_limit(self, settings: object) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10  # type: ignore[attr-defined]
        assert parsers.StrictJSONParser().parse(io.BytesIO(b'"12345678"')) == "12345678"
        with pytest.raises(parsers.BodyTooLarge):
            parsers.StrictJSONParser().parse(io.BytesIO(b'"123456789"'))
