"""Dates as people write them, read on Tuesday, 3 March 2026, 10:00 in Berlin."""

import contextlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.rules import when

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def read(text: str, at: datetime = AT, zone: ZoneInfo = BERLIN) -> str:
    return when.parse(text, at=at, zone=zone).astimezone(zone).strftime("%a %Y-%m-%d %H:%M")


class TestParse:
    @pytest.mark.parametrize(
        "text, means",
        [
            ("tomorrow 10", "Wed 2026-03-04 10:00"),
            ("Tomorrow at 10:30", "Wed 2026-03-04 10:30"),
            ("tomorrow", "Wed 2026-03-04 09:00"),
            ("today 4 pm", "Tue 2026-03-03 16:00"),
            ("day after tomorrow noon", "Thu 2026-03-05 12:00"),
            ("in 2 days", "Thu 2026-03-05 10:00"),
            ("in 2 days 14:30", "Thu 2026-03-05 14:30"),
            ("2d", "Thu 2026-03-05 10:00"),
            ("in a week", "Tue 2026-03-10 10:00"),
            ("in 3 hours", "Tue 2026-03-03 13:00"),
            ("90 min", "Tue 2026-03-03 11:30"),
            ("in 1 month", "Fri 2026-04-03 10:00"),
            ("fri 14:30", "Fri 2026-03-06 14:30"),
            ("Friday", "Fri 2026-03-06 09:00"),
            ("tue 11", "Tue 2026-03-03 11:00"),
            ("tue 9", "Tue 2026-03-10 09:00"),
            ("next tue 11", "Tue 2026-03-10 11:00"),
            ("monday, 9:30", "Mon 2026-03-09 09:30"),
            ("15", "Tue 2026-03-03 15:00"),
            ("9:59", "Wed 2026-03-04 09:59"),
            ("2026-03-05", "Thu 2026-03-05 09:00"),
            ("2026-03-05T10:00", "Thu 2026-03-05 10:00"),
            ("2026-03-05 10:00", "Thu 2026-03-05 10:00"),
            ("2026-03-05T10:00Z", "Thu 2026-03-05 11:00"),
            ("2026-03-05T10:00:00-05:00", "Thu 2026-03-05 16:00"),
            ("5.3.", "Thu 2026-03-05 09:00"),
            ("05.03.2026 9:15", "Thu 2026-03-05 09:15"),
            ("5 mar 10", "Thu 2026-03-05 10:00"),
            ("March 5, 10:30", "Thu 2026-03-05 10:30"),
            ("1 jan", "Fri 2027-01-01 09:00"),
            ("29 feb", "Tue 2028-02-29 09:00"),
            ("morgen 10 Uhr", "Wed 2026-03-04 10:00"),
            ("in 2 Tagen", "Thu 2026-03-05 10:00"),
        ],
    )
    def test_reads_what_people_write(self, text: str, means: str) -> None:
        assert read(text) == means

    @pytest.mark.parametrize(
        "text",
        ["", " ", "soon", "asap", "tomorrow 25", "25:00", "13pm", "0 am", "31.02.", "2026-13-01", "2026-02-30 10:00",
         "in 99999 days", "in 2 hours 10", "may", "\x00", "tomorrow tomorrow", "-1 d"],
    )  # fmt: skip
    def test_refuses_the_rest_with_examples(self, text: str) -> None:
        with pytest.raises(when.UnreadableWhen, match="Write for example tomorrow 10"):
            read(text)

    def test_reads_in_the_zone_of_the_reader(self) -> None:
        tokyo = ZoneInfo("Asia/Tokyo")
        assert when.parse("tomorrow 10", at=AT, zone=tokyo) == datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
        assert read("tomorrow", datetime(2026, 3, 3, 16, 0, tzinfo=UTC), tokyo) == "Thu 2026-03-05 09:00"

    def test_moves_on_where_the_clock_skips(self) -> None:
        assert read("29.3.2026 2:30") == "Sun 2026-03-29 03:30"

    def test_takes_the_first_where_the_clock_shows_it_twice(self) -> None:
        found = when.parse("25.10.2026 2:30", at=AT, zone=BERLIN)
        assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    def test_adds_hours_by_the_clock_that_does_not_jump(self) -> None:
        at = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 01:30, half an hour before summer time
        assert when.parse("in 1 hour", at=at, zone=BERLIN) == at + timedelta(hours=1)


ZONES = st.sampled_from([ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")])
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


class TestLaws:
    @given(at=INSTANTS, zone=ZONES, minutes=st.integers(0, 9999))
    def test_minutes_are_exact(self, at: datetime, zone: ZoneInfo, minutes: int) -> None:
        assert when.parse(f"in {minutes} minutes", at=at, zone=zone) == at + timedelta(minutes=minutes)

    @given(at=INSTANTS, zone=ZONES, then=INSTANTS)
    def test_a_stamp_with_its_offset_is_itself(self, at: datetime, zone: ZoneInfo, then: datetime) -> None:
        assert when.parse(then.isoformat(), at=at, zone=zone) == then

    @given(at=INSTANTS, zone=ZONES, hour=st.integers(0, 23))
    def test_a_time_alone_is_within_the_next_day(self, at: datetime, zone: ZoneInfo, hour: int) -> None:
        found = when.parse(f"{hour}:00", at=at, zone=zone)
        assert -timedelta(hours=1) <= found - at <= timedelta(hours=25)

    @given(at=INSTANTS, zone=ZONES, day=st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
    def test_a_weekday_is_that_weekday_of_the_coming_week(self, at: datetime, zone: ZoneInfo, day: str) -> None:
        found = when.parse(f"{day} 12:00", at=at, zone=zone)
        assert found.astimezone(zone).strftime("%a").lower() == day
        assert -timedelta(hours=1) <= found - at <= timedelta(days=7, hours=1)

    @given(text=st.text(max_size=60), at=INSTANTS, zone=ZONES)
    def test_any_text_is_read_or_refused(self, text: str, at: datetime, zone: ZoneInfo) -> None:
        with contextlib.suppress(when.UnreadableWhen):
            assert when.parse(text, at=at, zone=zone).tzinfo is UTC
