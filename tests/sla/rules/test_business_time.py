from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla.rules import business_time
from sla.rules.calendar import Calendar

OFFICE = dict.fromkeys(range(5), (("09:00", "17:00"),))
BERLIN = Calendar("Europe/Berlin", OFFICE)
NEW_YORK = Calendar("America/New_York", OFFICE)
QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)


def local(text, zone="Europe/Berlin"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def sundays(zone, *windows):
    return Calendar(zone, {6: windows})


def opened(calendar, start, until, absences=()):
    pairs = business_time.open_intervals(calendar, start, until, absences)
    return [(f"{opens:%d %H:%M}", f"{closes:%d %H:%M}") for opens, closes in pairs]


class TestDeadline:
    def test_handed_off_friday_at_1650_with_15_minutes_is_due_monday_at_0905(self):
        due = business_time.deadline(BERLIN, local("2025-06-13 16:50"), QUARTER)
        assert due == local("2025-06-16 09:05")
        assert due.tzinfo is UTC

    @pytest.mark.parametrize(
        "start, minutes, due",
        [
            ("2025-06-16 09:00", 15, "2025-06-16 09:15"),
            ("2025-06-16 08:59", 15, "2025-06-16 09:15"),
            ("2025-06-16 00:00", 480, "2025-06-16 17:00"),
            ("2025-06-16 16:59", 15, "2025-06-17 09:14"),
            ("2025-06-16 17:00", 15, "2025-06-17 09:15"),
            ("2025-06-14 12:00", 15, "2025-06-16 09:15"),
            ("2025-06-13 16:45", 15, "2025-06-13 17:00"),
            ("2025-06-16 10:00", 5 * 480, "2025-06-23 10:00"),
            ("2025-06-16 10:00", 50 * 480, "2025-08-25 10:00"),
        ],
    )
    def test_counts_only_office_hours(self, start, minutes, due):
        assert business_time.deadline(BERLIN, local(start), timedelta(minutes=minutes)) == local(due)

    def test_pauses_at_lunch(self):
        lunch = Calendar("Europe/Berlin", dict.fromkeys(range(5), (("09:00", "12:00"), ("13:00", "17:00"))))
        assert business_time.deadline(lunch, local("2025-06-16 11:50"), QUARTER) == local("2025-06-16 13:05")
        assert business_time.deadline(lunch, local("2025-06-16 12:30"), QUARTER) == local("2025-06-16 13:15")
        assert business_time.deadline(lunch, local("2025-06-16 11:45"), QUARTER) == local("2025-06-16 12:00")

    def test_skips_a_public_holiday(self):
        calendar = replace(BERLIN, holiday_country="DE", holiday_subdivision="BE")
        assert business_time.deadline(calendar, local("2025-04-30 16:50"), QUARTER) == local("2025-05-02 09:05")

    def test_skips_a_regional_holiday_only_in_its_region(self):
        berlin = replace(BERLIN, holiday_country="DE", holiday_subdivision="BE")
        bavaria = replace(BERLIN, holiday_country="DE", holiday_subdivision="BY")
        start = local("2027-03-05 16:50")
        assert business_time.deadline(berlin, start, QUARTER) == local("2027-03-09 09:05")
        assert business_time.deadline(bavaria, start, QUARTER) == local("2027-03-08 09:05")

    def test_skips_own_days_off(self):
        calendar = replace(BERLIN, days_off=frozenset({date(2025, 12, 24), date(2025, 12, 25)}))
        assert business_time.deadline(calendar, local("2025-12-23 16:50"), QUARTER) == local("2025-12-26 09:05")

    def test_pauses_while_the_member_is_away(self):
        away = ((local("2025-06-16 10:05"), local("2025-06-16 11:00")),)
        due = business_time.deadline(BERLIN, local("2025-06-16 10:00"), QUARTER, away)
        assert due == local("2025-06-16 11:10")

    def test_takes_absences_in_any_order_and_overlapping(self):
        away = (
            (local("2025-06-16 10:30"), local("2025-06-16 10:40")),
            (local("2025-06-16 10:04"), local("2025-06-16 11:00")),
            (local("2025-06-16 10:02"), local("2025-06-16 10:03")),
        )
        due = business_time.deadline(BERLIN, local("2025-06-16 10:00"), QUARTER, away)
        assert due == local("2025-06-16 11:12")

    def test_an_absence_that_ends_before_it_begins_covers_nothing(self):
        away = ((local("2025-06-16 11:00"), local("2025-06-16 10:05")),)
        spent = business_time.elapsed(BERLIN, local("2025-06-16 10:00"), local("2025-06-16 12:00"), away)
        assert spent == 2 * HOUR

    @pytest.mark.parametrize(
        "calendar, start, due",
        [
            (BERLIN, "2025-03-28 15:50", "2025-03-31 07:05"),
            (BERLIN, "2025-10-24 14:50", "2025-10-27 08:05"),
            (NEW_YORK, "2025-03-07 21:50", "2025-03-10 13:05"),
            (NEW_YORK, "2025-10-31 20:50", "2025-11-03 14:05"),
        ],
    )
    def test_opens_by_the_wall_clock_after_the_clocks_change(self, calendar, start, due):
        assert business_time.deadline(calendar, utc(start), QUARTER) == utc(due)

    def test_knows_leap_days(self):
        assert business_time.deadline(BERLIN, local("2024-02-28 16:50"), QUARTER) == local("2024-02-29 09:05")
        assert business_time.deadline(BERLIN, local("2024-02-29 16:50"), QUARTER) == local("2024-03-01 09:05")
        closed = replace(BERLIN, days_off=frozenset({date(2024, 2, 29)}))
        assert business_time.deadline(closed, local("2024-02-28 16:50"), QUARTER) == local("2024-03-01 09:05")

    def test_knows_zones_that_are_half_an_hour_off(self):
        kolkata = Calendar("Asia/Kolkata", OFFICE)
        assert business_time.deadline(kolkata, utc("2025-06-13 11:20"), QUARTER) == utc("2025-06-16 03:35")

    def test_knows_the_friday_that_samoa_left_out(self):
        apia = Calendar("Pacific/Apia", OFFICE)
        assert business_time.deadline(apia, utc("2011-12-30 02:50"), QUARTER) == utc("2012-01-01 19:05")

    def test_always_open_is_wall_time(self):
        start = local("2025-03-29 23:00")
        due = business_time.deadline(Calendar.always_open(), start, timedelta(days=400))
        assert due == start.astimezone(UTC) + timedelta(days=400)

    def test_no_business_time_has_passed_at_the_start_itself_open_or_not(self):
        for start in (local("2025-06-16 10:00"), local("2025-06-14 10:00")):
            assert business_time.deadline(BERLIN, start, timedelta(0)) == start

    def test_keeps_microseconds(self):
        start = local("2025-06-13 16:59:59.999998")
        due = business_time.deadline(BERLIN, start, timedelta(microseconds=3))
        assert due == local("2025-06-16 09:00:00.000001")

    def test_refuses_negative_time(self):
        with pytest.raises(ValueError, match="cannot be negative"):
            business_time.deadline(BERLIN, local("2025-06-16 10:00"), -QUARTER)

    def test_refuses_an_instant_without_a_zone(self):
        with pytest.raises(ValueError, match="needs a time zone"):
            business_time.deadline(BERLIN, datetime(2025, 6, 16), QUARTER)

    def test_gives_up_when_the_member_never_comes_back(self):
        away = ((utc("2025-01-01 00:00"), datetime.max.replace(tzinfo=UTC)),)
        with pytest.raises(business_time.NoOpenTime):
            business_time.deadline(BERLIN, utc("2025-06-16 10:00"), QUARTER, away)

    def test_gives_up_after_three_years(self):
        with pytest.raises(business_time.NoOpenTime):
            business_time.deadline(Calendar.always_open(), utc("2025-01-01 00:00"), timedelta(days=1099))


class TestElapsed:
    def test_is_the_open_time_between(self):
        assert business_time.elapsed(BERLIN, local("2025-06-13 16:50"), local("2025-06-16 09:05")) == QUARTER

    def test_is_nothing_over_a_weekend(self):
        assert business_time.elapsed(BERLIN, local("2025-06-13 17:00"), local("2025-06-16 09:00")) == timedelta(0)

    def test_leaves_absences_out(self):
        away = ((local("2025-06-16 12:00"), local("2025-06-18 10:00")),)
        spent = business_time.elapsed(BERLIN, local("2025-06-16 09:00"), local("2025-06-18 17:00"), away)
        assert spent == 10 * HOUR

    def test_is_negative_backwards(self):
        assert business_time.elapsed(BERLIN, local("2025-06-16 09:05"), local("2025-06-13 16:50")) == -QUARTER

    @pytest.mark.parametrize(
        "zone, sunday, hours",
        [
            ("Europe/Berlin", "2025-03-30", 23),
            ("Europe/Berlin", "2025-10-26", 25),
            ("America/New_York", "2025-03-09", 23),
            ("America/New_York", "2025-11-02", 25),
            ("Australia/Lord_Howe", "2025-10-05", 23.5),
            ("Australia/Lord_Howe", "2025-04-06", 24.5),
            ("America/Sao_Paulo", "2018-11-04", 23),
            ("America/Havana", "2025-11-02", 25),
        ],
    )
    def test_a_whole_day_has_as_many_hours_as_its_zone_gave_it(self, zone, sunday, hours):
        start = local(sunday, zone)
        calendar = sundays(zone, ("00:00", "24:00"))
        spent = business_time.elapsed(calendar, start - timedelta(days=2), start + timedelta(days=3))
        assert spent == hours * HOUR

    def test_a_day_that_samoa_left_out_has_none(self):
        whole = Calendar("Pacific/Apia", dict.fromkeys(range(7), (("00:00", "24:00"),)))
        assert business_time.elapsed(whole, utc("2011-12-29 10:00"), utc("2011-12-31 10:00")) == 48 * HOUR
        fridays = Calendar("Pacific/Apia", {4: (("00:00", "24:00"),)})
        assert business_time.elapsed(fridays, utc("2011-12-25 00:00"), utc("2012-01-05 00:00")) == timedelta(0)


class TestOpenIntervals:
    def test_are_the_windows_of_each_day_in_utc(self):
        assert opened(BERLIN, local("2025-06-13 10:00"), local("2025-06-17 00:00")) == [
            ("13 08:00", "13 15:00"),
            ("16 07:00", "16 15:00"),
        ]

    def test_join_at_midnight(self):
        assert opened(Calendar.always_open(), utc("2025-06-13 10:00"), utc("2025-06-20 11:00")) == [
            ("13 10:00", "20 11:00")
        ]

    def test_join_where_windows_touch(self):
        calendar = Calendar("UTC", {0: (("22:00", "23:00"), ("23:00", "24:00")), 1: (("00:00", "02:00"),)})
        assert opened(calendar, utc("2025-06-16 00:00"), utc("2025-06-18 00:00")) == [("16 22:00", "17 02:00")]

    def test_are_cut_by_absences(self):
        away = (
            (utc("2025-06-16 00:00"), utc("2025-06-16 07:30")),
            (utc("2025-06-16 09:00"), utc("2025-06-16 10:00")),
            (utc("2025-06-16 14:00"), utc("2025-06-17 08:00")),
        )
        assert opened(BERLIN, utc("2025-06-16 00:00"), utc("2025-06-18 00:00"), away) == [
            ("16 07:30", "16 09:00"),
            ("16 10:00", "16 14:00"),
            ("17 08:00", "17 15:00"),
        ]

    def test_are_none_when_nothing_lies_between(self):
        noon = utc("2025-06-16 12:00")
        assert opened(BERLIN, noon, noon) == opened(BERLIN, noon, noon - HOUR) == []

    @pytest.mark.parametrize(
        "window, expected",
        [
            (("01:30", "03:30"), [("30 00:30", "30 01:30")]),
            (("02:30", "03:30"), [("30 01:00", "30 01:30")]),
            (("01:30", "02:30"), [("30 00:30", "30 01:00")]),
            (("02:00", "03:00"), []),
        ],
    )
    def test_shrink_in_the_gap_of_spring(self, window, expected):
        calendar = sundays("Europe/Berlin", window)
        assert opened(calendar, utc("2025-03-29 00:00"), utc("2025-04-01 00:00")) == expected

    @pytest.mark.parametrize(
        "window, expected",
        [
            (("01:30", "03:30"), [("25 23:30", "26 02:30")]),
            (("02:30", "03:30"), [("26 00:30", "26 01:00"), ("26 01:30", "26 02:30")]),
            (("01:30", "02:30"), [("25 23:30", "26 00:30"), ("26 01:00", "26 01:30")]),
            (("02:00", "03:00"), [("26 00:00", "26 02:00")]),
        ],
    )
    def test_grow_in_the_fold_of_autumn(self, window, expected):
        calendar = sundays("Europe/Berlin", window)
        assert opened(calendar, utc("2025-10-25 00:00"), utc("2025-10-28 00:00")) == expected

    def test_shrink_and_grow_in_new_york(self):
        calendar = sundays("America/New_York", ("01:30", "03:30"))
        assert opened(calendar, utc("2025-03-08 00:00"), utc("2025-03-11 00:00")) == [("09 06:30", "09 07:30")]
        calendar = sundays("America/New_York", ("01:30", "03:30"))
        assert opened(calendar, utc("2025-11-01 00:00"), utc("2025-11-04 00:00")) == [
            ("02 05:30", "02 06:00"),
            ("02 06:30", "02 08:30"),
        ]

    def test_know_clocks_that_change_by_half_an_hour(self):
        calendar = sundays("Australia/Lord_Howe", ("01:00", "03:00"))
        assert opened(calendar, utc("2025-04-05 00:00"), utc("2025-04-07 00:00")) == [("05 14:00", "05 16:30")]
        assert opened(calendar, utc("2025-10-04 00:00"), utc("2025-10-06 00:00")) == [("04 14:30", "04 16:00")]

    def test_stay_in_order_when_the_clock_goes_back_past_midnight(self):
        saturdays = Calendar("America/St_Johns", {5: (("23:00", "24:00"),)})
        assert opened(saturdays, utc("2010-11-06 12:00"), utc("2010-11-08 12:00")) == [
            ("07 01:30", "07 02:30"),
            ("07 02:31", "07 03:30"),
        ]


class TestIsOpen:
    @pytest.mark.parametrize(
        "at, expected",
        [
            ("2025-06-16 08:59:59.999999", False),
            ("2025-06-16 09:00", True),
            ("2025-06-16 16:59:59.999999", True),
            ("2025-06-16 17:00", False),
            ("2025-06-15 12:00", False),
        ],
    )
    def test_from_opening_until_just_before_closing(self, at, expected):
        assert business_time.is_open(BERLIN, local(at)) is expected

    def test_not_while_away(self):
        away = ((local("2025-06-16 10:00"), local("2025-06-16 11:00")),)
        assert not business_time.is_open(BERLIN, local("2025-06-16 10:00"), away)
        assert business_time.is_open(BERLIN, local("2025-06-16 11:00"), away)


class TestNextOpening:
    def test_is_now_when_open(self):
        assert business_time.next_opening(BERLIN, local("2025-06-16 10:00")) == local("2025-06-16 10:00")

    def test_is_monday_morning_from_closing_time_on_friday(self):
        assert business_time.next_opening(BERLIN, local("2025-06-13 17:00")) == local("2025-06-16 09:00")

    def test_is_when_the_member_is_back(self):
        away = ((local("2025-06-13 12:00"), local("2025-06-18 10:30")),)
        assert business_time.next_opening(BERLIN, local("2025-06-13 13:00"), away) == local("2025-06-18 10:30")

    def test_gives_up_when_there_is_none(self):
        away = ((utc("2025-01-01 00:00"), utc("2035-01-01 00:00")),)
        with pytest.raises(business_time.NoOpenTime):
            business_time.next_opening(BERLIN, utc("2025-06-16 10:00"), away)
