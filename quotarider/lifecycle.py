"""Who hears of what, in the order in which a lead lives: to events what urls.py is to requests."""

from collections.abc import Mapping, Sequence

from feedback import subscribers as feedback
from handoff import events as handoff_events
from handoff import subscribers as handoff
from leads import events as leads_events
from leads import subscribers as leads
from quotarider.accounts.events import MemberLeft
from quotarider.events import Event, Subscriber
from quotarider.tenancy.actions import WorkspaceFounded
from sla import subscribers as sla

LIFECYCLE: Mapping[type[Event], Sequence[Subscriber]] = {
    WorkspaceFounded: [handoff.found_team, sla.found_agreement, feedback.found_reasons],
    MemberLeft: [leads.give_away, handoff.move_on],
    leads_events.DefinitionRevised: [leads.rescore_open_leads],
    leads_events.LeadsNurtured: [sla.start_nurture_clocks],
    leads_events.LeadsHeld: [sla.start_missing_facts_clocks],
    leads_events.LeadsReowned: [sla.pass_clocks_on],
    leads_events.LeadsQualified: [handoff.hand_off_qualified],
    handoff_events.HandoffsMoved: [sla.cancel_clocks_of_moved, handoff.show_moved],
    handoff_events.LeadsHandedOff: [sla.start_sales_clocks, handoff.show_given],
    handoff_events.LeadTouched: [sla.meet_first_touch, handoff.show_worked],
    handoff_events.NextStepDone: [sla.meet_next_step],
    handoff_events.NextStepPlanned: [sla.start_next_step_clock, handoff.show_worked],
    leads_events.LeadsEnded: [
        handoff.end_handoffs,
        sla.cancel_clocks_of_ended,
        feedback.note_outcomes,
        handoff.show_ended,
    ],
}
