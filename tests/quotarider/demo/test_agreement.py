from datetime import UTC, datetime, timedelta

import pytest

from quotarider.demo import agreement


class TestVersions:
    def test_usual_hours_need_no_exception(self) -> None:
        assert len(agreement.versions(datetime(2026, 3, 3, 10, 30, tzinfo=UTC))) == 3

    @pytest.mark.parametrize(
        ("anchor", "hours"),
        [
            (datetime(2026, 3, 3, 19, 0, tzinfo=UTC), "07:00 to 22:00"),  # a Tuesday evening
            (datetime(2026, 3, 1, 12, 0, tzinfo=UTC), "07:00 to 22:00"),  # a Sunday
            (datetime(2026, 3, 3, 2, 0, tzinfo=UTC), "round the clock"),  # a night
            (datetime(2026, 12, 25, 11, 0, tzinfo=UTC), "07:00 to 22:00"),  # Christmas
            (datetime(2026, 12, 25, 1, 0, tzinfo=UTC), "round the clock"),
        ],
    )
    def test_outside_of_them_the_last_version_opens_the_doors(self, anchor: datetime, hours: str) -> None:
        last = agreement.versions(anchor)[-1]

        assert hours in last.summary
        assert agreement.is_alive(last.terms.calendar, anchor)
        assert last.age > agreement.ALIVE_BEFORE

    @pytest.mark.parametrize("hour", range(0, 24 * 8, 5))
    def test_the_doors_are_open_whenever_it_is_seeded(self, hour: int) -> None:
        anchor = datetime(2026, 3, 28, tzinfo=UTC) + timedelta(hours=hour, minutes=17)  # the clocks change meanwhile

        assert agreement.is_alive(agreement.versions(anchor)[-1].terms.calendar, anchor)

    def test_the_company_has_a_day_off_of_its_own(self) -> None:
        calendar = agreement.versions(datetime(2026, 3, 3, 10, 30, tzinfo=UTC))[1].terms.calendar

        assert len(calendar.days_off) == 1
        assert next(iter(calendar.days_off)).weekday() == 3
