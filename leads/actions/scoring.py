"""Scoring a batch of leads, and what follows from it for those in marketing's hands."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from leads.actions import moving
from leads.events import LeadsEnded, LeadsHeld, LeadsNurtured, LeadsQualified
from leads.models import Lead, LeadDefinition, Score
from leads.queries import definition as definitions
from leads.queries import scoring as inputs
from leads.rules import scoring, states
from leads.rules.definition import Definition
from quotarider import events, tenancy

log = logging.getLogger(__name__)

DISQUALIFIED_AS = "fit"  # a disqualifier of the Agreement says: not the customer we want


@dataclass
class _Judged:
    """Where scoring sends the leads of a batch."""

    scored: dict[int, tuple[scoring.Scored, tuple[str, ...]]] = field(default_factory=dict)
    qualified: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    nurtured: list[int] = field(default_factory=list)
    disqualified: list[int] = field(default_factory=list)


@transaction.atomic
def score(lead_ids: Iterable[int], *, at: datetime, cause: str, arrived: Iterable[int] = ()) -> None:
    """Scores the leads as of `at` under the definition in force, and moves those that marketing has.

    1. Read facts and signals, score, store the explanations and the new figures.
    2. At the threshold with everything known: qualified. With facts missing: held. Below: nurtured. Disqualified: ended.
    3. Tell the later stages. A lead is never refused because the definition can't be used: it stays with marketing's
       accountable member, flagged.

    `arrived` are the new ones among them, which get their first clock whatever comes out. `cause` is one word: arrival,
    touchpoint, facts, agreement, refresh, decision.
    """
    ids, new = list(lead_ids), frozenset(arrived)
    try:
        version = definitions.in_force(at)
        judged = _judge(inputs.inputs(ids), definitions.parsed(version), new, at)
        _store(judged.scored, version, at, cause)
    except (LeadDefinition.DoesNotExist, ValueError) as broken:
        log.error("scoring failed, leads flagged: workspace=%s error=%r", tenancy.current().workspace_id, broken)
        Lead.objects.filter(pk__in=ids).update(is_flagged=True)
        judged = _Judged(nurtured=sorted(new))
    _hand_on(judged, at)


def _judge(batch: Sequence[inputs.Input], definition: Definition, new: frozenset[int], at: datetime) -> _Judged:
    judged, scorer = _Judged(), scoring.compile_definition(definition)
    for one in batch:
        scored = scorer(one.facts, one.signals, at)
        missing = scoring.missing_facts(definition, one.facts)
        judged.scored[one.lead_id] = (scored, missing)
        if one.state in (states.NURTURING, states.HELD):
            _place(judged, one, scored, bool(missing), definition.threshold, one.lead_id in new)
    return judged


def _place(
    judged: _Judged, one: inputs.Input, scored: scoring.Scored, is_missing: bool, threshold: int, is_new: bool
) -> None:
    if scored.disqualified_by:
        judged.disqualified.append(one.lead_id)
    elif scored.score >= threshold and not is_missing:
        judged.qualified.append(one.lead_id)
    elif scored.score >= threshold:
        if is_new or one.state != states.HELD:
            judged.held.append(one.lead_id)
    elif is_new or one.state != states.NURTURING:
        judged.nurtured.append(one.lead_id)


def _store(
    scored: dict[int, tuple[scoring.Scored, tuple[str, ...]]], version: LeadDefinition, at: datetime, cause: str
) -> None:
    Score.objects.bulk_create(
        Score(
            lead_id=lead_id,
            definition=version,
            at=at,
            score=each.score,
            fit=each.fit,
            engagement=each.engagement,
            band=each.band,
            lines=explanation(each),
            cause=cause,
        )
        for lead_id, (each, _) in scored.items()
    )
    _update_leads(scored, version, at)


def explanation(scored: scoring.Scored) -> dict[str, object]:
    """The lines of a score as stored: `[rule, points, kind, detail]` each, highest first, and a disqualifier if any."""
    lines = sorted(scored.lines, key=lambda line: -abs(line.points))
    return {"lines": [list(line) for line in lines], "disqualified_by": scored.disqualified_by}


def _update_leads(
    scored: dict[int, tuple[scoring.Scored, tuple[str, ...]]], version: LeadDefinition, at: datetime
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE leads_lead l
               SET score = s.score, band = s.band, persona = s.persona, definition_id = %s, as_of = %s,
                   missing_facts = string_to_array(s.missing, ',')
              FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::text[])
                   AS s(id, score, band, persona, missing)
             WHERE l.workspace_id = %s AND l.id = s.id
            """,
            [
                version.pk,
                at,
                list(scored),
                [each.score for each, _ in scored.values()],
                [each.band for each, _ in scored.values()],
                [each.persona or "" for each, _ in scored.values()],
                [",".join(missing) for _, missing in scored.values()],
                tenancy.current().workspace_id,
            ],
        )


def _hand_on(judged: _Judged, at: datetime) -> None:
    workspace_id = tenancy.current().workspace_id
    moving.move([moving.Move(pk, states.HELD) for pk in judged.held], at=at)
    moving.move([moving.Move(pk, states.NURTURING) for pk in judged.nurtured], at=at)
    ended = moving.move(
        [moving.Move(pk, states.DISQUALIFIED) for pk in judged.disqualified], at=at, reason=DISQUALIFIED_AS
    )
    if judged.held:
        events.publish(LeadsHeld(workspace_id, at, tuple(judged.held)))
    if judged.nurtured:
        events.publish(LeadsNurtured(workspace_id, at, tuple(judged.nurtured)))
    if ended:
        events.publish(LeadsEnded(workspace_id, at, tuple(ended)))
    if judged.qualified:
        _hand_off(judged.qualified, workspace_id, at)


def _hand_off(lead_ids: list[int], workspace_id: int, at: datetime) -> None:
    """A routing that fails costs no lead: it stays with marketing, flagged, under its default clock."""
    try:
        with transaction.atomic():
            events.publish(LeadsQualified(workspace_id, at, tuple(lead_ids)))
    except Exception:
        log.exception("hand-off failed, leads flagged: workspace=%s leads=%s", workspace_id, lead_ids)
        Lead.objects.filter(pk__in=lead_ids).update(is_flagged=True)
        events.publish(LeadsNurtured(workspace_id, at, tuple(lead_ids)))
