"""The kinds of clock. Adding one is an entry here and a promise in the terms."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """What is owed, by which side, in words for the screen."""

    label: str
    side: str
    obligation: str


KINDS: dict[str, Kind] = {
    "first_touch": Kind("First touch", "sales", "Touch the lead for the first time"),
    "verdict": Kind("Verdict", "sales", "Accept the lead, or reject it with a reason"),
    "next_step": Kind("Next step", "sales", "Do the planned next step"),
    "missing_facts": Kind("Missing facts", "marketing", "Supply what must be known before a hand-off"),
    "nurture_review": Kind("Nurture review", "marketing", "Look at the lead again"),
    "return_decision": Kind("Decision on a returned lead", "marketing", "Nurture it until a date, or disqualify it"),
}
