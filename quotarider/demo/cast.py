"""Who works at Northwind Software, and how."""

from dataclasses import dataclass

DOMAIN = "demo.quotarider.example"
PASSWORD = "demo-quotarider"


@dataclass(frozen=True)
class Player:
    """A member; `signs_in` with PASSWORD, others have none."""

    key: str
    name: str
    role: str
    signs_in: bool = False

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


@dataclass(frozen=True)
class Discipline:
    """How a rep works: median business minutes to the first touch of a hot lead, their spread (sigma of the logarithm),
    the share of leads forgotten for hours, the factor on the chance that a lead is accepted, and whether leads of
    Friday afternoons wait.
    """

    median: float
    spread: float
    forgets: float
    accepts: float = 1.0
    dreads_fridays: bool = False


ADMIN = Player("admin", "Martin Keller", "admin", signs_in=True)
REVOPS = Player("revops", "Noor Haddad", "revops", signs_in=True)
MANAGER = Player("manager", "Katrin Vogel", "sales_manager", signs_in=True)
MARKETING_MANAGER = Player("marketing", "Amélie Laurent", "marketing_manager", signs_in=True)
MARKETER = Player("marketer", "Sofie Lindqvist", "marketer", signs_in=True)
SECOND_MARKETER = Player("yusuf.demir", "Yusuf Demir", "marketer")
REP = Player("rep", "Lena Hoffmann", "rep", signs_in=True)

REPS: dict[Player, Discipline] = {
    REP: Discipline(7.5, 0.45, 0.03),
    Player("jonas.weber", "Jonas Weber", "rep"): Discipline(4.0, 0.35, 0.0, 1.12),
    Player("priya.raman", "Priya Raman", "rep"): Discipline(7.0, 0.45, 0.03, 1.05),
    Player("marek.nowak", "Marek Nowak", "rep"): Discipline(8.5, 0.5, 0.06, 1.0, dreads_fridays=True),
    Player("chiara.conti", "Chiara Conti", "rep"): Discipline(6.5, 0.45, 0.03, 0.62),
    Player("tomas.ferreira", "Tomás Ferreira", "rep"): Discipline(9.5, 0.5, 0.07),
}
AWAY = next(player for player in REPS if player.key == "tomas.ferreira")
CAST = (
    ADMIN,
    REVOPS,
    MANAGER,
    Player("david.osei", "David Osei", "sales_manager"),
    MARKETING_MANAGER,
    MARKETER,
    SECOND_MARKETER,
    *REPS,
)


def sign_ins() -> list[dict[str, str]]:
    """One sign-in for each role, the rep first, as the launcher prints them."""
    labels = {"rep": "Rep", "sales_manager": "Sales manager", "marketer": "Marketer"}
    labels |= {"marketing_manager": "Marketing manager", "revops": "RevOps", "admin": "Admin"}
    order = sorted((p for p in CAST if p.signs_in), key=lambda p: [*labels].index(p.role))
    return [{"role": labels[p.role], "email": p.email, "password": PASSWORD, "name": p.name} for p in order]
