from datetime import UTC, datetime, timedelta

import pytest

from leads.rules import candidate
from quotarider.demo import arrivals, people
from quotarider.demo.arrivals import Arrival, Calendar

ANCHOR = datetime(2026, 3, 3, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def weeks() -> list[Arrival]:
    return Calendar(1, ANCHOR).of_days(range(28))


class TestOfDays:
    def test_depends_on_the_seed_and_the_day_alone(self, weeks: list[Arrival]) -> None:
        by_day = [arrival for ago in range(28) for arrival in Calendar(1, ANCHOR).of_days(range(ago, ago + 1))]

        assert {arrival.external_id: arrival for arrival in by_day} == {a.external_id: a for a in weeks}
        assert len(by_day) == len(weeks)
        assert Calendar(2, ANCHOR).of_days(range(28)) != weeks

    def test_scales(self) -> None:
        assert 5 * len(Calendar(1, ANCHOR, 0.1).of_days(range(28))) < len(Calendar(1, ANCHOR).of_days(range(28)))

    def test_is_readable_by_intake(self, weeks: list[Arrival]) -> None:
        for arrival in weeks:
            read = candidate.read(arrival.payload, default_country="DE", at=arrival.at)

            assert read.email_norm
            assert read.domain == arrival.firm.domain
            assert all(touchpoint.occurred_at <= arrival.at for touchpoint in read.touchpoints)

    def test_is_handed_in_when_it_happened_or_at_the_next_sync(self, weeks: list[Arrival]) -> None:
        for arrival in weeks:
            waited = arrival.at - datetime.fromisoformat(arrival.payload["arrived_at"])

            assert timedelta(0) <= waited <= timedelta(days=1, hours=1)
            assert arrival.campaign.syncs or not waited

    def test_every_phone_number_is_one_for_fiction(self, weeks: list[Arrival]) -> None:
        kept = tuple(pattern.partition("{")[0] for pattern in people.PHONES.values())

        assert all(arrival.phone.startswith(kept) for arrival in weeks)

    def test_every_address_ends_in_example(self, weeks: list[Arrival]) -> None:
        assert all(arrival.payload["email"].endswith(".example") for arrival in weeks)


class TestFirm:
    def test_small_ones_have_fewer_than_200_people(self) -> None:
        sizes = [people.firm(1, number).employees for number in range(people.ALL)]

        assert max(sizes[: people.SMALL]) < 200 <= min(sizes[people.SMALL :])

    def test_domains_are_told_apart(self) -> None:
        assert len({people.firm(1, number).domain for number in range(people.ALL)}) == people.ALL


class TestName:
    @pytest.mark.parametrize("country", [*people.NAMES])
    def test_has_an_address_in_plain_letters(self, country: str) -> None:
        for number in range(60):
            full_name, latin = people.name(country, arrivals.random.Random(number))

            assert full_name.strip() == full_name
            assert latin.replace(".", "").replace("-", "").isalnum() and latin.isascii() and latin.islower()
