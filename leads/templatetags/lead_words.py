"""The words of the first stage, in templates."""

from django import template

from leads.models import AlternativeFact
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


@register.filter
def told_label(field: str) -> str:
    """The name of a fact that was told beside ours; a company's is its `name`."""
    return LABELS.get("company_name" if field == "name" else field, field.replace("_", " ").capitalize())


@register.filter
def ours(fact: AlternativeFact) -> object:
    """The value that we hold, of a fact that was told differently."""
    return getattr(fact.person or fact.company, fact.field, None)
