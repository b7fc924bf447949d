"""The words of the first stage, in templates."""

from django import template

from leads.rules import states
from leads.rules.definition import LABELS

register = template.Library()


@register.filter
def state_label(state: str) -> str:
    """A lead's state as people read it."""
    return states.LABELS.get(state, state)


@register.filter
def fact_label(fact: str) -> str:
    """A fact's name as people read it."""
    return LABELS.get(fact, fact)
