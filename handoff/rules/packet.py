"""The context packet: what a rep needs to know, put together at the hand-off."""

from collections.abc import Sequence
from typing import Any

from leads.rules.definition import Definition, Persona, Trigger

DEFAULT_STEP = "Call, ask what made them look now, and agree on a next date."


def packet(definition: Definition, *, persona: str, trigger_events: Sequence[str]) -> dict[str, Any]:
    """The agreed next step, the likely objection and the persona's background, from the definition in force.

    A trigger event's step comes before the persona's; without either, the default one.
    """
    who = next((p for p in definition.icp.personas if p.name == persona), None)
    trigger = _first_trigger(definition.icp.trigger_events, trigger_events)
    return {
        "next_step": (trigger and trigger.next_step) or (who and who.next_step) or DEFAULT_STEP,
        "trigger": trigger.name if trigger else "",
        "persona": _background(who),
        "objection": who.likely_objection if who else "",
    }


def _first_trigger(known: Sequence[Trigger], happened: Sequence[str]) -> Trigger | None:
    names = {name.casefold() for name in happened}
    return next((trigger for trigger in known if trigger.name.casefold() in names), None)


def _background(who: Persona | None) -> dict[str, str]:
    if who is None:
        return {}
    return {
        "name": who.name,
        "responsibilities": who.responsibilities,
        "challenges": who.challenges,
        "motivations": who.motivations,
    }
