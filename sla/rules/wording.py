"""The Agreement in words: what a version says, section by section, so that people can read it and compare two."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from leads.rules.countries import NAMES
from leads.rules.definition import ICP, LABELS, Definition, EngagementRule, FitRule, Persona, predicate_in_words
from sla.rules.calendar import Calendar
from sla.rules.kinds import KINDS
from sla.rules.ladder import Ladder, Rung
from sla.rules.terms import Promise, Terms

STEPS: Final = {
    "remind": "Remind the owner",
    "warn": "Warn the owner",
    "late": "Mark late, tell owner and manager",
    "tell_manager": "Tell the manager",
    "reassign": "Reassign to the next available rep",
    "tell_revops": "Tell RevOps",
}
STEP_PAST: Final = {
    "remind": "Owner reminded",
    "warn": "Owner warned",
    "late": "Manager told",
    "tell_manager": "Manager told",
    "reassign": "Reassigned",
    "tell_revops": "RevOps told",
}
SIGNALS: Final = {
    "page_visit": "Page visit",
    "pricing_visit": "Visit to the prices",
    "download": "Download",
    "webinar": "Webinar",
    "form": "Form",
    "mail_open": "Mail opened",
    "mail_click": "Click in a mail",
    "demo_request": "Demo request",
    "event": "Event",
    "trial": "Trial",
    "other": "Other signal",
}
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ANY: Final = "any"


@dataclass(frozen=True)
class Line:
    """One thing that was agreed: its name, what it says, and its points where it gives some."""

    label: str
    text: str
    points: int | None = None

    @property
    def whole(self) -> str:
        """The text with its points, as it is compared."""
        return self.text if self.points is None else f"{self.points:+d}: {self.text}"


@dataclass(frozen=True)
class Section:
    """A part of the Agreement under its own heading; `slug` is its address on the page."""

    slug: str
    title: str
    lines: tuple[Line, ...]
    empty: str = "Nothing agreed."


@dataclass(frozen=True)
class Change:
    """A line that two versions don't have in common; None: not there."""

    section: str
    label: str
    before: str | None
    after: str | None


def sections(definition: Definition, terms: Terms) -> tuple[Section, ...]:
    """Everything that a version says, in the order of the page."""
    return (
        Section("icp", "Ideal customer profile", tuple(_profile(definition.icp))),
        Section("personas", "Buyer personas", tuple(_persona(p) for p in definition.icp.personas)),
        Section("triggers", "Trigger events", tuple(Line(t.name, t.next_step) for t in definition.icp.trigger_events)),
        Section(
            "never",
            "Never a lead",
            tuple(Line(d.reason, predicate_in_words(d.predicate)) for d in definition.icp.disqualifiers),
        ),
        Section("fit", "Fit", tuple(_fit(r) for r in definition.rules if isinstance(r, FitRule))),
        Section(
            "engagement", "Engagement", tuple(_signal(r) for r in definition.rules if isinstance(r, EngagementRule))
        ),
        Section("handoff", "Hand-off", tuple(_handoff(definition))),
        Section("sales", "Sales promises", tuple(_promises(terms, "sales"))),
        Section("marketing", "Marketing promises", tuple(_promises(terms, "marketing"))),
        Section("calendar", "Business time", tuple(_calendar(terms.calendar))),
        Section("ladder", "What happens on the way: sales", tuple(_ladder(terms.ladder))),
        Section("marketing-ladder", "What happens on the way: marketing", tuple(_ladder(terms.marketing_ladder))),
    )


def changes(before: Iterable[Section], after: Iterable[Section]) -> list[Change]:
    """What differs between two versions, line by line, in the order of the page."""
    old = {section.slug: section for section in before}
    return [change for section in after for change in _changed(old[section.slug], section)]


def _changed(before: Section, after: Section) -> Iterable[Change]:
    old, new = _by_label(before), _by_label(after)
    for label in dict.fromkeys([*new, *old]):
        if old.get(label) != new.get(label):
            yield Change(after.title, label, old.get(label), new.get(label))


def _by_label(section: Section) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in section.lines:
        found[line.label] = f"{found[line.label]}; {line.whole}" if line.label in found else line.whole
    return found


def minutes_in_words(minutes: int) -> str:
    """A promise's time: `15 business minutes`, `4 business hours`."""
    if minutes % 60 or minutes < 120:
        return f"{minutes:,} business minutes"
    return f"{minutes // 60:,} business hours"


def _profile(icp: ICP) -> Iterable[Line]:
    yield Line("Company size", _range(icp.size_min, icp.size_max, "people"))
    yield Line("Industries", _listed(icp.industries))
    yield Line("Countries", _listed(NAMES.get(code, code) for code in icp.countries))
    yield Line("Technologies", _listed(icp.technologies))
    yield Line("Growth stages", _listed(icp.growth_stages))
    yield Line("Revenue a year", _range(icp.revenue_min, icp.revenue_max, ""))


def _range(low: int | None, high: int | None, unit: str) -> str:
    if low is None and high is None:
        return ANY
    if low is None:
        return f"up to {high:,} {unit}".strip()
    if high is None:
        return f"{low:,} {unit} and more".replace("  ", " ")
    return f"{low:,} to {high:,} {unit}".strip()


def _listed(values: Iterable[str]) -> str:
    return ", ".join(values) or ANY


def _persona(persona: Persona) -> Line:
    parts = (
        ("Title with", ", ".join(persona.roles)),
        ("Seniority", ", ".join(persona.seniorities)),
        ("Department", ", ".join(persona.departments)),
        ("Responsible for", persona.responsibilities),
        ("Challenges", persona.challenges),
        ("Motivations", persona.motivations),
        ("Next step", persona.next_step),
        ("Objection to expect", persona.likely_objection),
    )
    return Line(persona.name, "\n".join(f"{name}: {text.rstrip('.')}" for name, text in parts if text))


def _fit(rule: FitRule) -> Line:
    return Line(rule.name, predicate_in_words(rule.predicate), rule.points)


def _signal(rule: EngagementRule) -> Line:
    about = [f"“{rule.asset}”"] if rule.asset else []
    about += [f"of campaign “{rule.campaign}”"] if rule.campaign else []
    each = " ".join([SIGNALS[rule.signal], *about])
    return Line(
        rule.name, f"{each}, at most {rule.cap} in all, half of it after {rule.half_life_days:g} days", rule.points
    )


def _handoff(definition: Definition) -> Iterable[Line]:
    yield Line("Handed off from a score of", str(definition.threshold))
    yield Line(
        "Must be known", ", ".join(LABELS[fact] for fact in LABELS if fact in definition.required_facts) or "nothing"
    )
    yield Line("Hot from a score of", str(definition.bands.hot))
    yield Line("Warm from a score of", str(definition.bands.warm))


def _promises(terms: Terms, side: str) -> Iterable[Line]:
    seen: set[str] = set()
    for promise in terms.promises:  # the first match wins
        if KINDS[promise.kind].side == side:
            rest = "all other leads" if promise.kind in seen else "every lead"
            yield Line(_promised(promise, rest), f"within {minutes_in_words(promise.minutes)}")
            seen.add(promise.kind)
    if side == "sales":
        yield Line("First touches in time", f"{terms.promised_share} %")
    else:
        yield Line("Hand-offs a month", f"{terms.monthly_handoffs:,}")
        yield Line("Accepted by sales", f"{terms.accepted_share} %")


def _promised(promise: Promise, rest: str) -> str:
    conditions = [f"{promise.band} leads"] if promise.band else []
    conditions += [f"source {promise.source}"] if promise.source else []
    conditions += [f"campaign “{promise.campaign}”"] if promise.campaign else []
    conditions += [f"from {NAMES.get(promise.country.upper(), promise.country)}"] if promise.country else []
    return f"{KINDS[promise.kind].label}, {', '.join(conditions) or rest}"


def _calendar(calendar: Calendar) -> Iterable[Line]:
    yield Line("Time zone", calendar.timezone.replace("_", " "))
    for day, name in enumerate(WEEKDAYS):
        windows = calendar.hours.get(day, ())
        yield Line(name, ", ".join(f"{opens} to {closes}" for opens, closes in windows) or "closed")
    country = NAMES.get(calendar.holiday_country or "", calendar.holiday_country or "")
    region = f" ({calendar.holiday_subdivision})" if calendar.holiday_subdivision else ""
    yield Line("Public holidays", f"{country}{region}" if country else "none")
    yield Line("Own days off", ", ".join(f"{day:%-d %b %Y}" for day in sorted(calendar.days_off)) or "none")


def _ladder(ladder: Ladder) -> Iterable[Line]:
    for rung in ladder.rungs:
        yield Line(STEPS[rung.kind], rung_in_words(rung))


def rung_in_words(rung: Rung) -> str:
    """When a step happens: `at 80 % of the time`, `at the deadline`, `15 business minutes after the deadline`."""
    if rung.after is None:
        return "at the deadline" if rung.share == 1 else f"at {(rung.share or 0) * 100:g} % of the time"
    minutes, seconds = divmod(rung.after, timedelta(minutes=1))
    if seconds:
        return f"{rung.after // timedelta(seconds=1):,} business seconds after the deadline"
    return f"{minutes_in_words(minutes)} after the deadline"
