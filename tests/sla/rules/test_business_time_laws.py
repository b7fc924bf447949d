"""Laws of business time, over random calendars near the odd days of odd zones, and an oracle that steps by minutes."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.rules import business_time
from sla.rules.calendar import Calendar

MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)
ODD_DAYS = {
    "UTC": ["2024-02-29", "2025-12-31"],
    "Europe/Berlin": ["2025-03-30", "2025-10-26", "2026-05-01"],
    "America/New_York": ["2025-03-09", "2025-11-02", "2021-12-31"],
    "Asia/Kolkata": ["2024-02-29"],
    "Asia/Kathmandu": ["2025-01-01"],
    "Pacific/Apia": ["2011-12-30", "2011-09-24"],
    "Pacific/Kiritimati": ["1994-12-31"],
    "Australia/Lord_Howe": ["2025-04-05", "2025-10-04"],
    "Pacific/Chatham": ["2025-04-05", "2025-09-27"],
    "America/St_Johns": ["2010-11-07", "2011-03-13"],
    "America/Sao_Paulo": ["2018-02-18", "2018-11-04"],
    "America/Havana": ["2025-03-09", "2025-11-02"],
    "Africa/Casablanca": ["2025-02-23", "2025-04-06"],
    "Antarctica/Troll": ["2025-03-30", "2025-10-26"],
}

few = settings(max_examples=60, deadline=None, database=None)
many = settings(max_examples=150, deadline=None, database=None)
minutes = st.integers(0, 24 * 60)
durations = st.timedeltas(timedelta(0), timedelta(hours=15))
short = st.integers(1, 120).map(lambda n: n * MINUTE)


def as_time(minute):
    return f"{minute // 60:02}:{minute % 60:02}"


def as_windows(bounds):
    bounds = [as_time(minute) for minute in sorted(bounds)]
    return tuple(zip(bounds[::2], bounds[1::2], strict=False))


windows = (
    st.sets(minutes, min_size=2, max_size=7).filter(lambda some: sorted(some)[1] - min(some) >= 15).map(as_windows)
)


@st.composite
def situations(draw):
    """A calendar, an instant on a whole minute near an odd day of its zone, absences around it."""
    zone = draw(st.sampled_from(sorted(ODD_DAYS)))
    near = datetime.fromisoformat(draw(st.sampled_from(ODD_DAYS[zone]))).replace(tzinfo=UTC)
    start = near + draw(st.integers(-2 * 1440, 2 * 1440)) * MINUTE
    calendar = Calendar(
        zone,
        draw(st.dictionaries(st.integers(0, 6), windows, min_size=1)),
        draw(st.sampled_from([None, "DE", "US"])),
        days_off=frozenset(draw(st.sets(st.integers(-3, 3).map(lambda n: near.date() + timedelta(n)), max_size=2))),
    )
    begins = st.integers(-1440, 3 * 1440).map(lambda n: start + n * MINUTE)
    absences = draw(st.lists(st.tuples(begins, short).map(lambda pair: (pair[0], sum(pair[1:], pair[0]))), max_size=3))
    return calendar, start, tuple(absences)


class Oracle:
    """Reads the wall clock and the list of absences at every minute, and nothing else."""

    def __init__(self, calendar, absences):
        self.calendar, self.absences, self.zone = calendar, absences, ZoneInfo(calendar.timezone)

    def is_open(self, at):
        wall = at.astimezone(self.zone)
        if wall.date() in self.calendar.days_off or self.calendar.is_holiday(date(wall.year, wall.month, wall.day)):
            return False
        if any(begin <= at < end for begin, end in self.absences):
            return False
        shown = as_time(wall.hour * 60 + wall.minute)
        return any(opens <= shown < closes for opens, closes in self.calendar.hours.get(wall.weekday(), ()))

    def deadline(self, start, business):
        at = start
        while business:
            business -= MINUTE * self.is_open(at)
            at += MINUTE
        return at


class TestLaws:
    @many
    @given(situations(), durations)
    def test_the_deadline_is_the_earliest_instant_by_which_the_time_has_passed(self, situation, business):
        calendar, start, absences = situation
        due = business_time.deadline(calendar, start, business, absences)
        assert business_time.elapsed(calendar, start, due, absences) == business
        if business:
            assert business_time.elapsed(calendar, start, due - TICK, absences) == business - TICK

    @many
    @given(situations(), durations, durations)
    def test_deadlines_add_up(self, situation, first, second):
        calendar, start, absences = situation
        halfway = business_time.deadline(calendar, start, first, absences)
        due = business_time.deadline(calendar, start, first + second, absences)
        assert business_time.deadline(calendar, halfway, second, absences) == due
        assert halfway <= due

    @many
    @given(situations(), durations, durations)
    def test_a_later_start_is_never_due_earlier(self, situation, business, delay):
        calendar, start, absences = situation
        due = business_time.deadline(calendar, start, business, absences)
        assert due <= business_time.deadline(calendar, start + delay, business, absences)

    @many
    @given(situations(), *[st.timedeltas(timedelta(days=-20), timedelta(days=20))] * 2)
    def test_elapsed_times_add_up_in_any_order(self, situation, to_b, to_c):
        calendar, a, absences = situation
        b, c = a + to_b, a + to_c
        parts = [business_time.elapsed(calendar, *pair, absences) for pair in ((a, b), (b, c))]
        assert sum(parts, timedelta(0)) == business_time.elapsed(calendar, a, c, absences)

    @many
    @given(situations(), st.timedeltas(timedelta(0), timedelta(days=20)))
    def test_intervals_are_in_order_apart_and_as_long_as_can_be(self, situation, length):
        calendar, start, absences = situation
        until = start + length
        found = list(business_time.open_intervals(calendar, start, until, absences))
        flat = [instant for interval in found for instant in interval]
        assert flat == sorted(set(flat))
        assert all(start <= instant <= until for instant in flat)
        for opens, closes in found:
            assert business_time.is_open(calendar, opens, absences)
            assert closes == until or not business_time.is_open(calendar, closes, absences)

    @many
    @given(situations(), st.timedeltas(timedelta(0), timedelta(days=5)))
    def test_the_next_opening_is_the_first_open_instant(self, situation, delay):
        calendar, start, absences = situation
        at = start + delay
        opening = business_time.next_opening(calendar, at, absences)
        assert opening >= at
        assert business_time.is_open(calendar, opening, absences)
        assert business_time.elapsed(calendar, at, opening, absences) == timedelta(0)

    @many
    @given(situations())
    def test_a_calendar_survives_json(self, situation):
        calendar = situation[0]
        again = Calendar.from_json(json.loads(json.dumps(calendar.to_json())))
        assert again == calendar
        assert hash(again) == hash(calendar)


class TestAgainstMinutes:
    @few
    @given(situations(), st.integers(0, 2 * 1440))
    def test_elapsed_is_the_number_of_open_minutes(self, situation, length):
        calendar, start, absences = situation
        oracle = Oracle(calendar, absences)
        counted = sum(oracle.is_open(start + n * MINUTE) for n in range(length))
        assert business_time.elapsed(calendar, start, start + length * MINUTE, absences) == counted * MINUTE

    @few
    @given(situations(), short)
    def test_the_deadline_is_where_the_open_minutes_run_out(self, situation, business):
        calendar, start, absences = situation
        due = business_time.deadline(calendar, start, business, absences)
        assert due == Oracle(calendar, absences).deadline(start, business)

    @many
    @given(situations())
    def test_open_is_what_the_wall_clock_says(self, situation):
        calendar, start, absences = situation
        assert business_time.is_open(calendar, start, absences) == Oracle(calendar, absences).is_open(start)
