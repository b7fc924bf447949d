"""Who writes to Northwind: plausible names from eighteen countries, invented companies, titles. All under `.example`."""

import random
import unicodedata
from dataclasses import dataclass

NAMES: dict[str, tuple[str, str]] = {
    "DE": (
        "Anna Lukas Katharina Felix Miriam Sebastian Jana Tobias Franziska Malte Greta Holger Sabine Emre Nele Bernd",
        "Schneider Hoffmann Becker Krüger Vogt Lindner Özdemir Brandt Haas Winkler Seidel Pohl Jansen Albrecht Mayr Kühn",
    ),
    "AT": ("Magdalena Florian Theresa Matthias Valentina Gregor", "Gruber Huber Wallner Steiner Pichler Egger"),
    "CH": ("Céline Urs Noémie Reto Sandra Beat", "Zürcher Ammann Favre Keller Brunner Rochat"),
    "NL": ("Sanne Daan Fleur Bram Marloes Sjoerd", "de_Vries van_Dijk Bakker Jansen Mulder ten_Brink"),
    "GB": (
        "Imogen Callum Priyanka Gareth Adaeze Rhys Fiona Tariq",
        "Ashworth Okafor Pemberton MacLeod Singh O’Connor Whitfield Khan",
    ),
    "FR": ("Élodie Mathieu Inès Thibault Aurélie Karim", "Lefèvre Moreau Benali Dubois Garnier Chevalier"),
    "SE": ("Astrid Henrik Linnéa Oskar Maja Björn", "Lindqvist Åkesson Bergström Nyman Sjögren Öberg"),
    "PL": ("Agnieszka Paweł Zofia Tomasz Małgorzata Łukasz", "Kowalczyk Wójcik Zieliński Dąbrowska Szymański Król"),
    "IT": ("Giulia Alessandro Francesca Matteo Ilaria Davide", "Conti Ferrara Galli D’Angelo Marini Rinaldi"),
    "ES": ("Lucía Javier Nuria Andrés Beatriz Íñigo", "García_Soler Muñoz Ibáñez Navarro Peña Otxoa"),
    "US": ("Jordan Maria Terrence Hannah DeShawn Mei", "Ramirez Callahan Nguyen Brooks Goldberg Whitehorse"),
    "JP": (
        "美咲|Misaki 健太|Kenta 陽子|Yoko 大輔|Daisuke",
        "田中|Tanaka 佐藤|Sato 山本|Yamamoto 渡辺|Watanabe",
    ),
    "IN": ("Ananya Rohan Deepika Arjun Kavya Vikram", "Iyer Deshpande Mukherjee Nair Reddy Chaturvedi"),
    "GR": (
        "Ελένη|Eleni Νίκος|Nikos Σοφία|Sofia Γιώργος|Giorgos",
        "Παπαδοπούλου|Papadopoulou Αλεξίου|Alexiou Δήμας|Dimas",
    ),
    "UA": ("Олена|Olena Андрій|Andrii Ірина|Iryna Богдан|Bohdan", "Шевченко|Shevchenko Коваль|Koval Мельник|Melnyk"),
    "AE": ("محمد|Mohammed فاطمة|Fatima خالد|Khalid ليلى|Layla", "العلي|Alali الهاشمي|Alhashimi منصور|Mansour"),
    "KR": ("민준|Minjun 서연|Seoyeon 지훈|Jihoon", "김|Kim 박|Park 최|Choi"),
    "TR": ("Elif Mert Zeynep Cem", "Yılmaz Şahin Çelik Aydın"),
}
FAMILY_FIRST = frozenset({"JP", "KR"})
WEIGHTS = {"DE": 34, "AT": 6, "CH": 6, "NL": 8, "GB": 9, "FR": 7, "SE": 5, "PL": 5, "IT": 4, "ES": 4, "US": 5} | {
    "JP": 2,
    "IN": 2,
    "GR": 1,
    "UA": 2,
    "AE": 1,
    "KR": 1,
    "TR": 2,
}
# where a country keeps numbers for films and fiction, these are they
PHONES = {
    "DE": "+49 30 23125 {:03d}",
    "GB": "+44 20 7946 0{:03d}",
    "FR": "+33 1 99 00 1{:d} {:02d}",
    "SE": "+46 8 465 004 {:02d}",
    "US": "+1 212 555 01{:02d}",
}

STEMS = [
    "Adler",
    "Alster",
    "Arctis",
    "Aurum",
    "Birken",
    "Brightforge",
    "Caldera",
    "Cobalt",
    "Copperfield",
    "Delphin",
    "Elbtal",
    "Everline",
    "Fjordline",
    "Glimmer",
    "Granit",
    "Halcyon",
    "Hanse",
    "Helion",
    "Isar",
    "Jupiter",
    "Kestrel",
    "Kiefer",
    "Lagune",
    "Lindenhof",
    "Lumen",
    "Marlow",
    "Meridian",
    "Mistral",
    "Moosbach",
    "Nebelhorn",
    "Nimbus",
    "Obsidian",
    "Orion",
    "Palisade",
    "Quarz",
    "Rheingold",
    "Sable",
    "Saturn",
    "Solstice",
    "Stormvogel",
    "Tannenberg",
    "Tidewater",
    "Umbra",
    "Velox",
    "Waldstein",
    "Wintergreen",
    "Yarrow",
    "Zephyr",
]
LINES = (
    ("Systems", "Software"),
    ("Analytics", "Software"),
    ("Cloud", "Software"),
    ("Workflow", "Software"),
    ("Digital", "IT services"),
    ("Data", "IT services"),
    ("Networks", "IT services"),
    ("Hosting", "IT services"),
    ("Capital", "Financial services"),
    ("Versicherung", "Financial services"),
    ("Pay", "Financial services"),
    ("Leasing", "Financial services"),
    ("Maschinenbau", "Manufacturing"),
    ("Robotics", "Manufacturing"),
    ("Werkzeuge", "Manufacturing"),
    ("Components", "Manufacturing"),
    ("Freight", "Logistics"),
    ("Logistik", "Logistics"),
    ("Cargo", "Logistics"),
    ("Retail", "Retail"),
    ("Home", "Retail"),
    ("Sports", "Retail"),
    ("Foods", "Retail"),
    ("Health", "Healthcare"),
    ("Medical", "Healthcare"),
    ("Diagnostics", "Healthcare"),
    ("Media", "Media"),
    ("Studios", "Media"),
    ("Energy", "Energy"),
    ("Solar", "Energy"),
    ("Consulting", "Professional services"),
    ("Partners", "Professional services"),
)
FORMS = {"DE": "GmbH", "AT": "GmbH", "CH": "AG", "NL": "B.V.", "GB": "Ltd", "FR": "SAS", "SE": "AB", "PL": "Sp. z o.o."}
FORMS |= {"IT": "S.p.A.", "ES": "S.L.", "US": "Inc.", "JP": "K.K.", "IN": "Pvt. Ltd.", "TR": "A.Ş."}
TECHNOLOGIES = ("Salesforce", "HubSpot", "Pipedrive", "Microsoft Dynamics", "SAP", "Slack", "Snowflake", "Power BI")
GROWTH = ("Series A", "Series B", "Series C", "Established", "Established", "Established", "Family-owned")
SMALL, ALL = 576, len(STEMS) * len(LINES)  # companies with a number below SMALL have fewer than 200 people

TITLES = {  # by kind of buyer: (title, seniority, department)
    "sales": (
        ("Head of Sales", "head", "sales"),
        ("VP Sales", "vp", "sales"),
        ("Sales Director EMEA", "director", "sales"),
        ("Vertriebsleiter", "head", "sales"),
        ("Chief Revenue Officer (CRO)", "c-level", "sales"),
    ),
    "operations": (
        ("Revenue Operations Manager", "manager", "operations"),
        ("Head of RevOps", "head", "operations"),
        ("Sales Operations Lead", "lead", "operations"),
        ("Operations Manager", "manager", "operations"),
    ),
    "owner": (
        ("CEO", "c-level", "management"),
        ("Managing Director", "c-level", "management"),
        ("Geschäftsführer", "c-level", "management"),
        ("Founder & CEO", "c-level", "management"),
    ),
    "finance": (
        ("CFO", "c-level", "finance"),
        ("Head of Finance", "head", "finance"),
        ("Financial Controller", "manager", "finance"),
    ),
    "other": (
        ("Marketing Manager", "manager", "marketing"),
        ("Account Executive", "individual", "sales"),
        ("Business Analyst", "individual", "operations"),
        ("Project Manager", "manager", "it"),
        ("Consultant", "individual", ""),
    ),
    "student": (("Student, Business Administration", "", ""), ("Intern Sales", "intern", "sales")),
}


@dataclass(frozen=True)
class Firm:
    """An invented company as it really is; what a lead says of it may differ."""

    name: str
    domain: str
    industry: str
    country: str
    employees: int
    technologies: tuple[str, ...]
    growth_stage: str


def firm(seed: int, number: int) -> Firm:
    """The company of that number (0 to ALL - 1), always the same for a seed."""
    rng = random.Random(f"{seed}:firm:{number}")
    stem, (line, industry) = STEMS[number % len(STEMS)], LINES[number // len(STEMS) % len(LINES)]
    country = rng.choices([*WEIGHTS], [*WEIGHTS.values()])[0]
    form = f" {FORMS[country]}" if country in FORMS and rng.random() < 0.6 else ""
    return Firm(
        name=f"{stem} {line}{form}",
        domain=f"{stem}-{line}.example".lower(),
        industry=industry,
        country=country,
        employees=_employees(number, rng),
        technologies=tuple(sorted(rng.sample(TECHNOLOGIES, rng.randint(1, 3)))),
        growth_stage=rng.choice(GROWTH),
    )


def _employees(number: int, rng: random.Random) -> int:
    low, middle, high = (9, 85, 199) if number < SMALL else (200, 480, 4200)
    return round(max(low, min(high, rng.lognormvariate(0, 0.7) * middle)))


def name(country: str, rng: random.Random) -> tuple[str, str]:
    """A person's full name as they write it, and the Latin first.last of their address."""
    home = country if rng.random() < 0.88 else rng.choice([*NAMES])
    first, last = (rng.choice(names.split()) for names in NAMES[home])
    native = [part.partition("|")[0].replace("_", " ") for part in (first, last)]
    latin = [_ascii(part.rpartition("|")[2]) for part in (first, last)]
    order = reversed(native) if home in FAMILY_FIRST else native
    return " ".join(order), ".".join(latin)


def _ascii(text: str) -> str:
    replaced = text.lower()
    for letter, plain in (("ß", "ss"), ("ł", "l"), ("ı", "i"), ("ø", "o"), ("’", ""), ("_", "")):
        replaced = replaced.replace(letter, plain)
    return unicodedata.normalize("NFKD", replaced).encode("ascii", "ignore").decode()


def phone(country: str, rng: random.Random) -> str:
    """A number nobody has; a German one where the country keeps none for fiction."""
    pattern = PHONES.get(country, PHONES["DE"])
    if country == "FR":
        return pattern.format(rng.randrange(10), rng.randrange(100))
    return pattern.format(rng.randrange(1000 if "03d" in pattern else 100))
