"""Who arrives when, with what in hand: a function of the seed and the day, so that each week can be told by itself."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from quotarider.demo import agreement, people, words
from quotarider.demo.campaigns import CAMPAIGNS, LATER, Campaign

ZONE = ZoneInfo(agreement.ZONE)
HOURS = [1, 0, 0, 0, 0, 1, 3, 6, 14, 22, 24, 20, 12, 18, 22, 20, 16, 12, 7, 6, 6, 5, 3, 2]  # weights of 0 to 23 o'clock
WEEKDAYS = [1.15, 1.3, 1.25, 1.2, 1.0, 0.22, 0.28]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Arrival:
    """A lead on its way: when it is handed in, what is sent, and what nobody says but turns out."""

    external_id: str
    at: datetime
    campaign: Campaign
    payload: dict[str, Any]
    firm: people.Firm
    buyer: str
    phone: str
    later: tuple[tuple[datetime, str, str], ...] = ()

    @property
    def source(self) -> str:
        """The slug of the door through which it comes."""
        return self.campaign.source


@dataclass(frozen=True)
class Calendar:
    """The days of a demo: its seed, its present, and how many leads arrive (1: about a hundred a week)."""

    seed: int
    anchor: datetime
    scale: float = 1.0

    def of_days(self, days: range) -> list[Arrival]:
        """All that arrive on the days so long ago (0: today), in the order in which they are handed in."""
        today = self.anchor.astimezone(ZONE).date()
        found = [arrival for ago in days for arrival in self._day(today - ago * DAY)]
        return sorted(found, key=lambda arrival: (arrival.at, arrival.external_id))

    def _day(self, on: date) -> list[Arrival]:
        ago = (self.anchor.astimezone(ZONE).date() - on).days
        rng = random.Random(f"{self.seed}:day:{ago}")
        found: list[Arrival] = []
        for campaign in CAMPAIGNS:
            for number in range(self._count(campaign, on, ago, rng)):
                own = random.Random(f"{self.seed}:lead:{ago}:{campaign.key}:{number}")
                found.append(self._arrival(campaign, on, f"demo-{ago}-{campaign.key}-{number}", own))
        return found + self._again(found, ago, rng)

    def _count(self, campaign: Campaign, on: date, ago: int, rng: random.Random) -> int:
        first, last = campaign.days
        if not (last or -1) <= ago <= first:
            return 0
        if campaign.burst:
            is_on = any(_weekday(self.anchor, days) == on for days in campaign.burst_days)
            return round(campaign.burst * self.scale * rng.uniform(0.8, 1.2)) if is_on else 0
        growth = 1.2 - ago / 180 * 0.4
        expected = campaign.weekly / 7.4 * WEEKDAYS[on.weekday()] * growth * self.scale
        return int(expected * rng.uniform(0.6, 1.4) + rng.random())

    def _arrival(self, campaign: Campaign, on: date, external_id: str, rng: random.Random) -> Arrival:
        arrived_at = _instant(on, campaign, rng)
        firm = people.firm(self.seed, _firm_number(campaign, rng))
        buyer = rng.choices([*campaign.buyers], [*campaign.buyers.values()])[0]
        phone = people.phone(firm.country, rng)
        payload = _facts(campaign, firm, buyer, phone, rng)
        payload |= {"external_id": external_id, "arrived_at": arrived_at.isoformat()}
        payload["touchpoints"] = _touchpoints(campaign, arrived_at, external_id, rng)
        later = _later(campaign, arrived_at, rng)
        return Arrival(external_id, _received(campaign, arrived_at), campaign, payload, firm, buyer, phone, later)

    def _again(self, of_day: list[Arrival], ago: int, rng: random.Random) -> list[Arrival]:
        """Some come a second time within hours, through another form, and tell something else."""
        found = []
        for arrival in of_day:
            if rng.random() < 0.03 and not arrival.campaign.syncs:
                at = arrival.at + timedelta(minutes=rng.randint(20, 400))
                changed = {"title": rng.choice(people.TITLES[arrival.buyer])[0], "arrived_at": at.isoformat()}
                number = f"{arrival.external_id}-again"
                visit = {"kind": "pricing_visit", "asset": "Pricing", "occurred_at": at.isoformat()}
                payload = arrival.payload | changed | {"external_id": number, "touchpoints": [visit]}
                twin = (number, at, arrival.campaign, payload, arrival.firm, arrival.buyer, arrival.phone)
                found.append(Arrival(*twin))
        return found


def _weekday(anchor: datetime, ago: int) -> date:
    """The Tuesday or Wednesday next to a day so long ago."""
    on = anchor.astimezone(ZONE).date() - ago * DAY
    return on - (on.weekday() - (1 + ago % 2)) * DAY


def _instant(on: date, campaign: Campaign, rng: random.Random) -> datetime:
    hour = rng.choices(range(24), HOURS)[0] if not campaign.burst else rng.choice((11, 12))
    local = datetime.combine(on, time(hour, rng.randrange(60), rng.randrange(60)), tzinfo=ZONE)
    return local.astimezone(UTC)


def _received(campaign: Campaign, arrived_at: datetime) -> datetime:
    """The next time at which the campaign's leads are handed in."""
    if not campaign.syncs:
        return arrived_at
    local = arrived_at.astimezone(ZONE)
    for day in (local.date(), local.date() + DAY):
        for clock in campaign.syncs:
            sync = datetime.combine(day, time.fromisoformat(clock), tzinfo=ZONE)
            if sync > local:
                return sync.astimezone(UTC)
    raise AssertionError("a sync follows within a day")


def _firm_number(campaign: Campaign, rng: random.Random) -> int:
    if rng.random() < campaign.small:
        return rng.randrange(people.SMALL)
    return rng.randrange(people.SMALL, people.ALL)


def _facts(campaign: Campaign, firm: people.Firm, buyer: str, phone: str, rng: random.Random) -> dict[str, Any]:
    full_name, latin = people.name(firm.country, rng)
    title, seniority, department = rng.choice(people.TITLES[buyer])
    facts: dict[str, Any] = {
        "full_name": full_name,
        "email": f"{latin}@{firm.domain}",
        "title": title,
        "seniority": seniority,
        "department": department,
        "company_name": firm.name,
        "industry": firm.industry,
        "country": firm.country,
        "note": rng.choice(words.MESSAGES) if not campaign.syncs else "",
    }
    facts |= {"phone": phone} if rng.random() < campaign.tells_phone else {}
    facts |= {"employees": told_size(campaign, firm)} if rng.random() < campaign.tells_size else {}
    if rng.random() < 0.55:
        facts |= {"technologies": list(firm.technologies), "growth_stage": firm.growth_stage}
    if rng.random() < 0.08:
        facts["trigger_events"] = [rng.choice(agreement.TRIGGERS)]
    return facts | (_utm(campaign) if any(campaign.utm) else {"campaign": campaign.name})


def told_size(campaign: Campaign, firm: people.Firm) -> int:
    """What a company says of its size; in the form of the free audit, small ones exaggerate."""
    return firm.employees * 2 if campaign.key == "audit" and firm.employees < 120 else firm.employees


def _utm(campaign: Campaign) -> dict[str, str]:
    return dict(zip(("utm_source", "utm_medium", "utm_campaign"), campaign.utm, strict=True))


def _touchpoints(
    campaign: Campaign, arrived_at: datetime, external_id: str, rng: random.Random
) -> list[dict[str, str]]:
    found = []
    for place, signal in enumerate(campaign.signals):
        if rng.random() < signal.chance:
            at = arrived_at - timedelta(days=rng.random() * signal.days)
            touchpoint = {"kind": signal.kind, "asset": signal.asset, "occurred_at": at.isoformat()}
            found.append(touchpoint | {"external_id": f"{external_id}-{place}"})
    return sorted(found, key=lambda each: each["occurred_at"])


def _later(campaign: Campaign, arrived_at: datetime, rng: random.Random) -> tuple[tuple[datetime, str, str], ...]:
    found: list[tuple[datetime, str, str]] = []
    at = arrived_at
    while rng.random() < campaign.returns and len(found) < 6:
        at += timedelta(days=rng.uniform(0.3, 14))
        kind, asset, _ = rng.choices(LATER, [weight for _, _, weight in LATER])[0]
        found.append((at, kind, asset))
    return tuple(found)
