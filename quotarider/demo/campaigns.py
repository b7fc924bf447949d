"""Northwind's campaigns: what they cost, whom they bring, and what sales makes of these."""

from dataclasses import dataclass, field

from quotarider.demo import cast


@dataclass(frozen=True)
class Signal:
    """Something that a lead did before it arrived, with the chance that it did; up to `days` before."""

    kind: str
    asset: str = ""
    chance: float = 1.0
    days: float = 6.0


@dataclass(frozen=True)
class Campaign:
    """One campaign. `weekly` leads on average, or `burst` leads on each of its days; `accepts` and `wins` are chances.

    `small`: the share of companies under 200 people; `tells_size`: of leads that say how many they are.
    `syncs`: local times at which its leads are handed in, together; none: each as it comes.
    """

    key: str
    name: str
    channel: str
    cost: int
    owner: cast.Player
    source: str
    signals: tuple[Signal, ...]
    weekly: float = 0
    burst: int = 0
    burst_days: tuple[int, ...] = ()
    utm: tuple[str, str, str] = ("", "", "")
    small: float = 0.15
    tells_size: float = 0.7
    tells_phone: float = 0.8
    buyers: dict[str, int] = field(default_factory=lambda: {"sales": 30, "operations": 30, "owner": 15, "other": 25})
    accepts: float = 0.6
    wins: float = 0.26
    reaches: float = 0.45
    returns: float = 0.3
    syncs: tuple[str, ...] = ()
    days: tuple[int, int | None] = (190, None)


SOURCES = {  # slug: (name, kind)
    "website": ("Website forms", "form"),
    "webinars": ("Webinar tool", "api"),
    "partners": ("Partner portal", "api"),
    "events": ("Badge scans", "import"),
    "marketing": ("Marketing automation", "api"),
    "outbound": ("Outbound list", "import"),
}
THRICE = ("09:20", "13:20", "16:20")
MORNING = ("09:20",)

CAMPAIGNS = (
    Campaign(
        key="demo",
        name="Website: product pages",
        channel="Website",
        cost=9_800,
        owner=cast.MARKETER,
        source="website",
        weekly=11.5,
        signals=(
            Signal("page_visit", "Product tour"),
            Signal("page_visit", "Customers", 0.6),
            Signal("pricing_visit", "Pricing", 0.8, 2),
            Signal("pricing_visit", "Pricing", 0.35, 8),
            Signal("download", "Forecasting handbook", 0.2, 20),
            Signal("demo_request", "Demo request", 1.0, 0),
        ),
        tells_phone=0.9,
        buyers={"sales": 36, "operations": 26, "owner": 14, "finance": 8, "other": 14, "student": 2},
        accepts=0.7,
        wins=0.3,
        reaches=0.55,
    ),
    Campaign(
        key="audit",
        name="Free audit: search ads",
        channel="Paid search",
        cost=46_500,
        owner=cast.SECOND_MARKETER,
        source="website",
        weekly=13.5,
        utm=("google", "cpc", "free_audit"),
        signals=(
            Signal("page_visit", "Free audit"),
            Signal("pricing_visit", "Pricing", 0.5, 1),
            Signal("form", "Free audit", 1.0, 0),
        ),
        small=0.82,
        tells_size=0.5,
        tells_phone=0.82,
        buyers={"sales": 12, "operations": 12, "owner": 50, "other": 23, "student": 3},
        accepts=0.6,
        wins=0.16,
        reaches=0.5,
        days=(182, None),
    ),
    Campaign(
        key="webinar",
        name="Webinar: Forecasts your board believes",
        channel="Webinar",
        cost=18_200,
        owner=cast.MARKETER,
        source="webinars",
        burst=46,
        burst_days=(9, 30, 51, 72, 93, 114, 135, 156, 177),
        signals=(
            Signal("mail_click", "Webinar invitation", 0.5, 12),
            Signal("form", "Webinar registration", 1.0, 10),
            Signal("page_visit", "Product tour", 0.5, 4),
            Signal("pricing_visit", "Pricing", 0.2, 1),
            Signal("webinar", "Forecasts your board believes", 1.0, 0),
        ),
        small=0.14,
        tells_size=0.68,
        tells_phone=0.75,
        buyers={"sales": 32, "operations": 38, "owner": 6, "finance": 10, "other": 14},
        accepts=0.74,
        wins=0.3,
        syncs=("13:20",),
    ),
    Campaign(
        key="content",
        name="Forecasting handbook",
        channel="Content",
        cost=21_000,
        owner=cast.MARKETER,
        source="marketing",
        weekly=23,
        utm=("newsletter-partners", "referral", "handbook"),
        signals=(
            Signal("page_visit", "Blog: overlay sales"),
            Signal("form", "Handbook form", 1.0, 0.01),
            Signal("download", "Forecasting handbook", 1.0, 0),
            Signal("download", "Quota template", 0.3, 3),
            Signal("pricing_visit", "Pricing", 0.16, 1),
        ),
        small=0.3,
        tells_phone=0.6,
        buyers={"sales": 20, "operations": 38, "owner": 6, "finance": 8, "other": 26, "student": 2},
        accepts=0.58,
        syncs=THRICE,
    ),
    Campaign(
        key="partner",
        name="Partner referrals",
        channel="Partner",
        cost=12_000,
        owner=cast.MARKETING_MANAGER,
        source="partners",
        weekly=5,
        signals=(Signal("page_visit", "Product tour", 0.5, 3), Signal("form", "Partner referral", 1.0, 0)),
        small=0.12,
        tells_size=0.95,
        tells_phone=0.95,
        buyers={"sales": 45, "operations": 30, "owner": 15, "finance": 10},
        accepts=0.84,
        wins=0.38,
        reaches=0.65,
    ),
    Campaign(
        key="events",
        name="RevOps Days: Berlin and Amsterdam",
        channel="Event",
        cost=38_400,
        owner=cast.MARKETING_MANAGER,
        source="events",
        burst=96,
        burst_days=(45, 129),
        signals=(
            Signal("event", "RevOps Days", 1.0, 0.3),
            Signal("form", "Prize draw", 0.6, 0.2),
            Signal("page_visit", "Product tour", 0.25, 0),
        ),
        tells_size=0.6,
        tells_phone=0.85,
        buyers={"sales": 40, "operations": 30, "owner": 10, "other": 20},
        accepts=0.62,
        syncs=MORNING,
        days=(135, 40),
    ),
    Campaign(
        key="social",
        name="LinkedIn: the eleventh week",
        channel="Paid social",
        cost=27_900,
        owner=cast.SECOND_MARKETER,
        source="marketing",
        weekly=20,
        utm=("linkedin", "paid_social", "eleventh_week"),
        signals=(
            Signal("page_visit", "The eleventh week"),
            Signal("form", "Checklist form", 1.0, 0),
            Signal("pricing_visit", "Pricing", 0.12, 1),
        ),
        small=0.4,
        tells_size=0.4,
        tells_phone=0.35,
        buyers={"sales": 30, "operations": 15, "owner": 15, "other": 38, "student": 2},
        accepts=0.4,
        wins=0.14,
        reaches=0.35,
        syncs=THRICE,
        days=(150, None),
    ),
    Campaign(
        key="newsletter",
        name="Newsletter",
        channel="E-mail",
        cost=4_200,
        owner=cast.MARKETER,
        source="marketing",
        weekly=11,
        utm=("newsletter", "email", "monthly"),
        signals=(
            Signal("mail_click", "Newsletter", 1.0, 0),
            Signal("mail_click", "Newsletter", 0.6, 20),
            Signal("page_visit", "Blog: overlay sales", 0.8, 0),
            Signal("pricing_visit", "Pricing", 0.4, 0.5),
            Signal("webinar", "Forecasts your board believes", 0.18, 25),
        ),
        tells_phone=0.6,
        accepts=0.62,
        returns=0.45,
        syncs=THRICE,
    ),
    Campaign(
        key="outbound",
        name="Outbound list: logistics",
        channel="Outbound",
        cost=8_600,
        owner=cast.MARKETING_MANAGER,
        source="outbound",
        weekly=8,
        signals=(
            Signal("mail_open", "Cold mail 1", 1.0, 3),
            Signal("mail_click", "Cold mail 2", 0.5, 1),
            Signal("pricing_visit", "Pricing", 0.4, 0.5),
            Signal("form", "Calendar link", 0.25, 0),
        ),
        tells_size=0.95,
        tells_phone=0.95,
        buyers={"sales": 45, "operations": 25, "owner": 30},
        accepts=0.34,
        wins=0.12,
        reaches=0.3,
        syncs=MORNING,
        days=(120, 20),
    ),
)
BY_KEY = {campaign.key: campaign for campaign in CAMPAIGNS}
LATER = (  # what a lead may do after it arrived: (kind, asset, weight)
    ("page_visit", "Product tour", 30),
    ("mail_click", "Newsletter", 26),
    ("download", "Quota template", 12),
    ("pricing_visit", "Pricing", 20),
    ("webinar", "Forecasts your board believes", 7),
    ("demo_request", "Demo request", 4),
    ("trial", "14 days for free", 1),
)
