import pytest

from handoff.rules import whereabouts


class TestZoneOf:
    @pytest.mark.parametrize(
        "timezone, phone, zone",
        [
            ("Asia/Tokyo", "+4930901820", "Asia/Tokyo"),
            ("", "+4930901820", "Europe/Berlin"),
            ("", "+12125551234", "America/New_York"),
            ("", "+18005551234", None),
            ("", None, None),
            ("", "nonsense", None),
            ("Mars/Olympus", "+4930901820", None),
        ],
    )
    def test_is_as_told_else_that_of_the_number(self, timezone: str, phone: str | None, zone: str | None) -> None:
        assert str(whereabouts.zone_of(timezone, phone)) == str(zone)
