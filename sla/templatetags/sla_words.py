"""The words of the third stage, in templates."""

from datetime import timedelta

from django import template
from django.template.context import Context
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quotarider.web.requests import WorkspaceRequest
from quotarider.web.templatetags.qr import duration, moment
from sla.models import Clock
from sla.queries.clocks import StepLine
from sla.rules import wording

register = template.Library()

OUTCOMES = {
    "late": gettext_lazy("late"),
    "in_time": gettext_lazy("in time"),
    "decided": gettext_lazy("in time and late"),
    "running": gettext_lazy("still running"),
}


@register.filter
def outcome_label(outcome: str) -> str:
    """The verdicts that the rows behind a figure are narrowed to."""
    return str(OUTCOMES.get(outcome, outcome))


@register.filter
def state_tone(state: str) -> str:
    """A verdict's colour: is the promise kept?"""
    return {"met": "done", "met_late": "late", "late": "late"}.get(state, "")


@register.filter
def lag(length: timedelta | float | None) -> str:
    """A lag as exact as it is small: "12 ms", "1.4 s", "6 min"."""
    if length is None:
        return "–"
    seconds = length.total_seconds() if isinstance(length, timedelta) else float(length)
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s" if seconds < 60 else duration(seconds)


@register.filter
def signed(points: int) -> str:
    """Points with their sign, the minus as a minus: "+15", "−5"."""
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


@register.filter
def promised(seconds: int) -> str:
    """A promise's business time: "15 business minutes"."""
    return wording.minutes_in_words(round(seconds / 60))


@register.simple_tag(takes_context=True)
def consequence(context: Context, step: StepLine, clock: Clock) -> str:
    """What happens at a step if nothing is done until then: "at 10:31 your manager Mara is told"."""
    request: WorkspaceRequest = context["request"]
    is_mine = clock.owner_id == request.member.pk
    names = {
        "at": moment(step.due_at, request),
        "owner": _("you") if is_mine else clock.owner.name,
        "manager": clock.manager.name if clock.manager else _("nobody"),
    }
    return _SENTENCES[step.kind, is_mine] % names


_SENTENCES = {
    ("remind", True): gettext_lazy("at %(at)s you are reminded"),
    ("remind", False): gettext_lazy("at %(at)s %(owner)s is reminded"),
    ("warn", True): gettext_lazy("at %(at)s you are warned"),
    ("warn", False): gettext_lazy("at %(at)s %(owner)s is warned"),
    ("late", True): gettext_lazy("at %(at)s it is late, and your manager %(manager)s is told"),
    ("late", False): gettext_lazy("at %(at)s it is late, and %(manager)s is told"),
    ("tell_manager", True): gettext_lazy("at %(at)s your manager %(manager)s is told"),
    ("tell_manager", False): gettext_lazy("at %(at)s %(manager)s is told"),
    ("reassign", True): gettext_lazy("at %(at)s it goes to the next available rep"),
    ("reassign", False): gettext_lazy("at %(at)s it goes to the next available rep"),
    ("tell_revops", True): gettext_lazy("at %(at)s RevOps is told"),
    ("tell_revops", False): gettext_lazy("at %(at)s RevOps is told"),
}
