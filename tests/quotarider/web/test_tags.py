from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import engines

from quotarider.web.templatetags import qr

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def member(zone: str = "", workspace_zone: str = "Europe/Berlin") -> Any:
    return SimpleNamespace(timezone=zone, workspace=SimpleNamespace(timezone=workspace_zone))


class TestDuration:
    @pytest.mark.parametrize(
        "length, text",
        [
            (None, "–"),
            (0, "0 s"),
            (59.9, "59 s"),
            (60, "1 min"),
            (timedelta(minutes=59, seconds=59), "59 min"),
            (3600, "1 h"),
            (7800, "2 h 10"),
            (3660, "1 h 01"),
            (86_399, "23 h 59"),
            (86_400, "1 day"),
            (timedelta(days=3, hours=5), "3 days"),
            (timedelta(minutes=-6), "−6 min"),
        ],
    )
    def test_is_as_long_as_need_be(self, length: Any, text: str) -> None:
        assert qr.duration(length) == text


class TestLocal:
    def test_uses_the_members_zone(self) -> None:
        html = qr.local(AT, SimpleNamespace(member=member("America/New_York")))
        assert html == '<time datetime="2026-03-03T09:00:00+00:00">3 Mar 2026, 04:00</time>'

    def test_falls_back_to_the_workspaces(self) -> None:
        assert "10:00" in qr.local(AT, SimpleNamespace(member=member()))

    def test_shows_nothing_for_nothing(self) -> None:
        assert qr.local(None) == "–"


class TestAgo:
    @pytest.mark.parametrize(
        "passed, text",
        [(30, "just now"), (-59, "just now"), (360, "6 min ago"), (-7800, "in 2 h 10"), (3 * 86_400, "3 days ago")],
    )
    def test_says_how_long(self, passed: int, text: str) -> None:
        assert f">{text}<" in qr.ago(AT - timedelta(seconds=passed), AT)

    def test_takes_the_request(self) -> None:
        assert "6 min ago" in qr.ago(AT - timedelta(minutes=6), SimpleNamespace(now=AT))


class TestNumbers:
    def test_percent(self) -> None:
        assert [qr.percent(None), qr.percent(0.714), qr.percent(Decimal("0.714"), 1)] == ["–", "71 %", "71.4 %"]

    def test_money(self) -> None:
        assert [qr.money(None), qr.money(12400), qr.money(Decimal("-900.4"), "CHF")] == ["–", "€12,400", "−CHF 900"]


class TestFuse:
    @pytest.mark.parametrize(
        "left, state, text",
        [
            (timedelta(hours=3), "", "3 h 00"),
            (timedelta(minutes=59), "", "59:00"),
            (timedelta(minutes=19), "soon", "19:00"),
            (timedelta(minutes=11, seconds=47), "soon", "11:47"),
            (timedelta(0), "soon", "00:00"),
            (timedelta(minutes=-4, seconds=-12), "late", "−04:12"),
            (timedelta(days=-2), "late", "−2 d"),
            (timedelta(hours=24, minutes=30), "", "Wed 09:30"),
        ],
    )
    def test_says_what_is_left(self, left: timedelta, state: str, text: str) -> None:
        found = qr.fuse(AT - timedelta(hours=1), AT + left, AT)
        assert (found["state"], found["text"]) == (state, text)

    def test_shows_the_share(self) -> None:
        assert qr.fuse(AT - timedelta(hours=1), AT + timedelta(hours=3), AT)["left"] == 75.0

    def test_without_a_deadline_is_paused(self) -> None:
        assert qr.fuse(None, None, AT)["state"] == "paused"


def test_tags_are_built_in() -> None:
    template = engines["django"].from_string("{% icon 'bell' %}{{ 360|duration }}{% fuse a b now %}")
    html = template.render({"a": AT, "b": AT + timedelta(hours=2), "now": AT})
    assert "#bell" in html
    assert "6 min" in html
    assert 'data-due-at="2026-03-03T11:00:00+00:00"' in html
