"""Scoring a batch of leads, and what follows from it for those in marketing's hands."""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from leads.actions import moving
from leads.events import LeadsEnded, LeadsHeld, LeadsNurtured, LeadsQualified
from leads.models import Lead, LeadDefinition
from leads.queries import definition as definitions
from leads.queries import scoring as inputs
from leads.rules import scoring, states
from leads.rules.definition import Definition
from quotarider import events, tenancy

log = logging.getLogger(__name__)

QUIET = ("agreement", "refresh")  # causes that are not the lead's doing
DISQUALIFIED_AS = "fit"  # a disqualifier of the Agreement says: not the customer we want


@dataclass
class _Judged:
    """Where scoring sends the leads of a batch."""

    scored: dict[int, tuple[scoring.Scored, tuple[str, ...]]] = field(default_factory=dict)
    moves: list[moving.Move] = field(default_factory=list)
    qualified: list[int] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    nurtured: list[int] = field(default_factory=list)
    disqualified: list[int] = field(default_factory=list)


@transaction.atomic(savepoint=False)
def score(lead_ids: Iterable[int], *, at: datetime, cause: str, arrived: Iterable[int] = ()) -> None:
    """Scores the leads as of `at` under the definition in force, and moves those that marketing has.

    1. Read facts and signals, score, store the explanations and the new figures.
    2. At the threshold with everything known: qualified. With facts missing: held. Below: nurtured. Disqualified: ended.
       One that sales returned and marketing nurtures wakes by what it does, not by a revision or by time.
    3. Tell the later stages. A lead is never refused because the definition can't be used: it stays with marketing's
       accountable member, flagged.

    `arrived` are the new ones among them, which get their first clock whatever comes out. `cause` is one word: arrival,
    touchpoint, facts, agreement, refresh, decision.
    """
    ids, new = list(lead_ids), frozenset(arrived)
    try:
        version = definitions.in_force(at)
        judged = _judge(inputs.inputs(ids), definitions.parsed(version), new, at, is_quiet=cause in QUIET)
        _store(judged.scored, version, at, cause)
    except (LeadDefinition.DoesNotExist, ValueError) as broken:
        log.error("scoring failed, leads flagged: workspace=%s error=%r", tenancy.current().workspace_id, broken)
        Lead.objects.filter(pk__in=ids).update(is_flagged=True)
        judged = _Judged(nurtured=sorted(new))
    _hand_on(judged, at)


def _judge(
    batch: Sequence[inputs.Input], definition: Definition, new: frozenset[int], at: datetime, *, is_quiet: bool
) -> _Judged:
    judged, scorer = _Judged(), scoring.compile_definition(definition)
    for one in batch:
        scored = scorer(one.facts, one.signals, at)
        missing = scoring.missing_facts(definition, one.facts)
        judged.scored[one.lead_id] = (scored, missing)
        sleeps = is_quiet and one.was_given and one.state == states.NURTURING
        if one.state in (states.NURTURING, states.HELD) and not sleeps:
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
        _keep(judged, judged.held, one, states.HELD, is_new)
    else:
        _keep(judged, judged.nurtured, one, states.NURTURING, is_new)


def _keep(judged: _Judged, those: list[int], one: inputs.Input, state: str, is_new: bool) -> None:
    """Marketing has it in this state; said again only of those that are new to it."""
    if one.state != state:
        judged.moves.append(moving.Move(one.lead_id, state))
    if is_new or one.state != state:
        those.append(one.lead_id)


def _store(
    scored: dict[int, tuple[scoring.Scored, tuple[str, ...]]], version: LeadDefinition, at: datetime, cause: str
) -> None:
    """One statement for both: the explanation beside the lead's figures."""
    each = [one for one, _ in scored.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH s AS (
                SELECT * FROM unnest(%(ids)s::bigint[], %(scores)s::int[], %(fits)s::int[], %(engagements)s::int[],
                                     %(bands)s::text[], %(personas)s::text[], %(missing)s::text[], %(lines)s::text[])
                         AS s(id, score, fit, engagement, band, persona, missing, lines)
            ), kept AS (
                INSERT INTO leads_score
                       (workspace_id, lead_id, definition_id, at, score, fit, engagement, band, lines, cause)
                SELECT %(workspace)s, id, %(version)s, %(at)s, score, fit, engagement, band, lines::jsonb, %(cause)s
                  FROM s
            )
            UPDATE leads_lead l
               SET score = s.score, band = s.band, persona = s.persona, definition_id = %(version)s, as_of = %(at)s,
                   missing_facts = string_to_array(s.missing, ',')
              FROM s
             WHERE l.workspace_id = %(workspace)s AND l.id = s.id
            """,
            {
                "workspace": tenancy.current().workspace_id,
                "version": version.pk,
                "at": at,
                "cause": cause,
                "ids": list(scored),
                "scores": [one.score for one in each],
                "fits": [one.fit for one in each],
                "engagements": [one.engagement for one in each],
                "bands": [one.band for one in each],
                "personas": [one.persona or "" for one in each],
                "missing": [",".join(missing) for _, missing in scored.values()],
                "lines": [json.dumps(explanation(one)) for one in each],
            },
        )


def explanation(scored: scoring.Scored) -> dict[str, object]:
    """The lines of a score as stored: `[rule, points, kind, detail]` each, highest first, and a disqualifier if any."""
    lines = sorted(scored.lines, key=lambda line: -abs(line.points))
    return {"lines": [list(line) for line in lines], "disqualified_by": scored.disqualified_by}


def _hand_on(judged: _Judged, at: datetime) -> None:
    workspace_id = tenancy.current().workspace_id
    moving.move(judged.moves, at=at)
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
