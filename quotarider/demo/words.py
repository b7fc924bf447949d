"""What people in the demo say: notes of calls, buyers' quotes, next steps."""

QUOTES: dict[str, tuple[str, ...]] = {
    "Wrong company size": (
        "We are only {fact} people, we thought it was a free check-up.",
        "For a team of our size that is far too much software.",
        "Nice audit, but we don't have a sales team yet. I am the sales team.",
        "",
        "",
    ),
    "Wrong industry": ("We sell to the public sector, none of this applies to us.", "We work with dealers only.", ""),
    "Student or private person": ("I'm writing my thesis about sales planning.", ""),
    "Not now, later": (
        "Come back after the fiscal year closes, we are buried until then.",
        "We have just moved to a new CRM. Not before the summer.",
        "Nach dem Sommer gern noch einmal.",
        "",
    ),
    "No budget": (
        "Travel and tools are frozen until the next planning round.",
        "I like it, but there is no line for it this year.",
        "",
    ),
    "Can't decide, won't introduce": ("I only collect vendors for my boss.", "Our headquarters decide on tools.", ""),
    "No problem that we solve": (
        "The spreadsheet works. Honestly, it does.",
        "We just wanted the template from the handbook.",
        "I clicked on the ad by accident.",
        "",
    ),
    "Wrong or dead contact data": ("", "", "Sie sind falsch verbunden, den Kollegen gibt es hier nicht mehr."),
    "Duplicate": ("",),
    "Committed to a competitor": (
        "We signed with {fact} in spring, for two years.",
        "We are rolling out {fact} right now.",
        "",
    ),
    "Something else": ("",),
}
FACTS = {  # what a reason asks for, beside the size and the industry, which the lead itself tells
    "competitor": ("Clarion", "Forecastly", "PipeWise"),
    "note": ("Asked for a job", "Press enquiry", "Wants to sell us something"),
}
INDUSTRIES = ("Public sector", "Education", "Non-profit", "Hospitality", "Agriculture")
LOST_NOTES = {
    "Too expensive": "Board wanted half the price for a two-year term.",
    "Chose a competitor": "Clarion was cheaper by a third and already connected.",
    "Lacks a feature": "Needs forecasts by legal entity; we have them by region only.",
    "No decision was made": "Champion left the company, nobody picked it up.",
    "Postponed": "Pushed behind the ERP project, again.",
    "Budget withdrawn": "Hiring freeze took the tool budget along.",
    "Not the right customer": "Turned out to be four sister companies with a shared sales desk.",
}
CALLS = {
    "reached": (
        "Forecast is a spreadsheet with 40 tabs. Wants to see how we handle overlays.",
        "Open to it. Three regions, each with its own numbers; the board asks every Monday.",
        "Interested, short of time. Asked for a date next week.",
        "Talked through the process. Pipeline review takes them two days a month.",
        "",
    ),
    "voicemail": ("Left my number and the reason.", ""),
    "no_answer": ("", ""),
    "sent": ("Sent the two-page overview and three dates.", "Wrote about the pricing visit yesterday.", ""),
    "wrong_person": ("Person is in customer service, forwarded me to nobody.",),
    "bounced": ("Mail came back, mailbox does not exist.",),
    "replied": ("Answered within the hour, suggests Thursday.",),
    "booked": ("Meeting is in the calendar.",),
}
NEXT_STEPS = (
    "Demo with the sales team",
    "Send the integration overview, then call",
    "Technical call with their operations",
    "Go through the offer together",
    "Call back after their board meeting",
    "Workshop: their numbers in our model",
    "Talk to the CFO about the business case",
)
MESSAGES = (
    "We would like to see how forecasting across regions works.",
    "Can we connect two CRMs? We bought a company last year.",
    "Please call before noon, thank you.",
    "Wir suchen einen Ersatz für unsere Excel-Planung.",
    "Looking at three vendors, decision by the end of the quarter.",
    "",
    "",
)
HANDED_OVER = "You know the account"
