"""The fixed categories of reject and lost reasons; a workspace's own reasons live within them."""

CATEGORIES: dict[str, str] = {
    "fit": "Fit",
    "timing": "Timing",
    "budget": "Budget",
    "authority": "Authority",
    "need": "Need",
    "contact_data": "Contact data",
    "duplicate": "Duplicate",
    "competitor": "Competitor",
    "price": "Price",
    "product_gap": "Product gap",
    "no_decision": "No decision",
    "other": "Other",
}

DEFAULTS: dict[str, list[tuple[str, str, str]]] = {
    "reject": [
        ("fit", "Wrong company size", "employees"),
        ("fit", "Wrong industry", "industry"),
        ("fit", "Student or private person", ""),
        ("timing", "Not now, later", ""),
        ("budget", "No budget", ""),
        ("authority", "Can't decide, won't introduce", ""),
        ("need", "No problem that we solve", ""),
        ("contact_data", "Wrong or dead contact data", ""),
        ("duplicate", "Duplicate", ""),
        ("competitor", "Committed to a competitor", "competitor"),
        ("other", "Something else", "note"),
    ],
    "lost": [
        ("price", "Too expensive", ""),
        ("competitor", "Chose a competitor", "competitor"),
        ("product_gap", "Lacks a feature", "note"),
        ("no_decision", "No decision was made", ""),
        ("timing", "Postponed", ""),
        ("budget", "Budget withdrawn", ""),
        ("fit", "Not the right customer", ""),
        ("other", "Something else", "note"),
    ],
    "disqualify": [
        ("fit", "Not our kind of customer", ""),
        ("need", "No need", ""),
        ("contact_data", "Can't be reached", ""),
        ("duplicate", "Duplicate", ""),
        ("other", "Something else", "note"),
    ],
}
"""The usual reasons by use: (category, label, the fact that it asks for)."""
