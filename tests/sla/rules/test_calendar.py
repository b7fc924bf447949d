import copy
import pickle
from dataclasses import replace
from datetime import date, timedelta

import pytest

from sla.rules.calendar import Calendar, InvalidCalendar, public_holidays

OFFICE = dict.fromkeys(range(5), (("09:00", "17:00"),))
JSON = {
    "timezone": "Europe/Berlin",
    "hours": {"0": [["09:00", "12:00"], ["13:00", "17:00"]], "6": [["22:00", "24:00"]]},
    "holiday_country": "DE",
    "holiday_subdivision": "BE",
    "days_off": ["2025-12-24", "2025-12-31"],
}


def refusal(**changes):
    with pytest.raises(InvalidCalendar) as caught:
        Calendar.from_json(JSON | changes)
    return caught.value


class TestCalendar:
    def test_opens_at_its_windows_on_a_weekday_that_has_some(self):
        calendar = Calendar.from_json(JSON)
        hours = [
            (opens / timedelta(hours=1), closes / timedelta(hours=1)) for opens, closes in calendar.spans_on(MONDAY)
        ]
        assert hours == [(9, 12), (13, 17)]

    def test_is_closed_on_a_weekday_that_has_none(self):
        assert Calendar.from_json(JSON).spans_on(date(2025, 6, 17)) == ()

    def test_is_closed_on_a_day_off(self):
        assert Calendar("UTC", OFFICE, days_off=frozenset({MONDAY})).spans_on(MONDAY) == ()

    def test_may_close_at_midnight(self):
        assert Calendar.from_json(JSON).spans_on(date(2025, 6, 22)) == ((timedelta(hours=22), timedelta(hours=24)),)

    def test_always_open_is_every_hour_of_every_day_in_utc(self):
        calendar = Calendar.always_open()
        assert calendar.timezone == "UTC"
        assert {calendar.spans_on(date(2025, 6, day)) for day in range(1, 31)} == {((timedelta(0), timedelta(days=1)),)}

    def test_puts_windows_and_weekdays_in_order(self):
        calendar = Calendar("UTC", {4: (("13:00", "17:00"), ("09:00", "12:00")), 0: (("09:00", "17:00"),), 2: ()})
        assert list(calendar.hours.items()) == [
            (0, (("09:00", "17:00"),)),
            (4, (("09:00", "12:00"), ("13:00", "17:00"))),
        ]

    def test_windows_may_touch(self):
        assert Calendar("UTC", {0: (("09:00", "12:00"), ("12:00", "17:00"))}).spans_on(MONDAY)

    def test_cannot_be_changed_through_its_hours(self):
        with pytest.raises(TypeError):
            Calendar("UTC", OFFICE).hours[6] = ()

    def test_is_equal_and_hashes_equal_when_it_says_the_same(self):
        one, other = Calendar.from_json(JSON), Calendar.from_json(JSON)
        assert one == other
        assert hash(one) == hash(other)
        assert one != replace(other, days_off=frozenset())

    def test_survives_copy_and_pickle(self):
        calendar = Calendar.from_json(JSON)
        assert copy.deepcopy(calendar) == calendar == pickle.loads(pickle.dumps(calendar))


class TestHolidays:
    def test_first_of_may_is_one_in_germany(self):
        assert Calendar("Europe/Berlin", OFFICE, "DE").is_holiday(date(2025, 5, 1))

    def test_corpus_christi_is_one_in_bavaria_and_not_in_berlin(self):
        assert Calendar("Europe/Berlin", OFFICE, "DE", "BY").is_holiday(date(2025, 6, 19))
        assert not Calendar("Europe/Berlin", OFFICE, "DE", "BE").is_holiday(date(2025, 6, 19))

    def test_new_year_observed_in_the_old_year_is_one(self):
        assert Calendar("America/New_York", OFFICE, "US").is_holiday(date(2021, 12, 31))

    def test_there_are_none_without_a_country(self):
        assert not Calendar("Europe/Berlin", OFFICE).is_holiday(date(2025, 12, 25))

    def test_are_plain_dates(self):
        found = public_holidays("DE", None, (2025,))
        assert date(2025, 10, 3) in found
        assert {type(day) for day in found} == {date}


class TestJson:
    def test_comes_back_as_it_went(self):
        assert Calendar.from_json(JSON).to_json() == JSON

    def test_only_zone_and_hours_are_needed(self):
        calendar = Calendar.from_json({"timezone": "UTC", "hours": {"0": [["09:00", "17:00"]]}})
        assert calendar == Calendar("UTC", {0: (("09:00", "17:00"),)})

    @pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc", "Europe", None, 7])
    def test_refuses_an_unknown_zone(self, name):
        error = refusal(timezone=name)
        assert error.field == "timezone"
        assert "Europe/Berlin" in error.remedy

    @pytest.mark.parametrize(
        "field, hours",
        [
            ("hours.0", {"0": [["09:00", "12:00"], ["11:59", "17:00"]]}),
            ("hours.0", {"0": [["09:00", "17:00"], ["09:00", "17:00"]]}),
            ("hours.1", {"1": [["17:00", "09:00"]]}),
            ("hours.1", {"1": [["09:00", "09:00"]]}),
            ("hours.1", {"1": [["22:00", "06:00"]]}),
            ("hours.2", {"2": [["9:00", "17:00"]]}),
            ("hours.2", {"2": [["09:00", "24:01"]]}),
            ("hours.2", {"2": [["24:00", "24:00"]]}),
            ("hours.2", {"2": [["09:00", "17:60"]]}),
            ("hours.2", {"2": [["09:00", "17:00\n"]]}),
            ("hours.2", {"2": [["٠٩:00", "17:00"]]}),
            ("hours.2", {"2": [[9, 17]]}),
            ("hours.2", {"2": [["09:00"]]}),
            ("hours.2", {"2": ["09:00"]}),
            ("hours.2", {"2": "09:00-17:00"}),
            ("hours.2", {"2": None}),
            ("hours.7", {"7": [["09:00", "17:00"]]}),
            ("hours.monday", {"monday": [["09:00", "17:00"]]}),
            ("hours", {}),
            ("hours", {"0": [], "1": []}),
            ("hours", []),
            ("hours", None),
        ],
    )
    def test_refuses_hours_that_cannot_be_meant(self, field, hours):
        error = refusal(hours=hours)
        assert error.field == field
        assert error.remedy

    @pytest.mark.parametrize(
        "field, changes",
        [
            ("holiday_country", {"holiday_country": "XX", "holiday_subdivision": None}),
            ("holiday_country", {"holiday_country": "", "holiday_subdivision": None}),
            ("holiday_country", {"holiday_country": 49}),
            ("holiday_country", {"holiday_country": None}),
            ("holiday_subdivision", {"holiday_subdivision": "ZZ"}),
            ("holiday_subdivision", {"holiday_subdivision": ""}),
            ("holiday_subdivision", {"holiday_subdivision": 3}),
            ("days_off", {"days_off": ["24.12.2025"]}),
            ("days_off", {"days_off": ["2025-02-29"]}),
            ("days_off", {"days_off": [20251224]}),
            ("days_off", {"days_off": "2025-12-24"}),
            ("day_off", {"day_off": []}),
        ],
    )
    def test_refuses_days_and_names_it_does_not_know(self, field, changes):
        error = refusal(**changes)
        assert error.field == field
        assert error.remedy

    def test_refuses_what_is_not_an_object(self):
        with pytest.raises(InvalidCalendar, match="calendar: is not an object"):
            Calendar.from_json([])

    def test_says_field_problem_and_remedy_in_one_line(self):
        error = refusal(hours={"1": [["22:00", "06:00"]]})
        assert str(error) == (
            "hours.1: 22:00 to 06:00 ends before it begins. Split a window at midnight, with 24:00 as its end."
        )
        assert isinstance(error, ValueError)


class TestConstructor:
    @pytest.mark.parametrize("day", [-1, 7, "0", True, 1.5])
    def test_refuses_a_day_that_is_not_a_weekday(self, day):
        with pytest.raises(InvalidCalendar, match="is not a weekday"):
            Calendar("UTC", {day: (("09:00", "17:00"),)})


MONDAY = date(2025, 6, 16)
