"""Which column is which field, guessed by the column's name in English, German or Portuguese."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from leads.rules import folding

_SYNONYMS: Final[Mapping[str, str]] = {
    "external_id": """id, external id, lead id, mql id, contact id, record id, crm id, uuid, lead number, source id,
        externe id, kontakt id, datensatz id, lead nummer, id externo, id do lead, id do contato, codigo""",
    "email": """email, e mail, email address, e mail address, mail, work email, business email, primary email,
        e mail adresse, email adresse, mailadresse, correio eletronico, endereco de email, email corporativo""",
    "phone": """phone, phone number, telephone, tel, mobile, mobile phone, cell, cell phone, work phone, direct dial,
        telefon, telefonnummer, handy, handynummer, mobil, mobilnummer, rufnummer, telefone, celular, fone, whatsapp""",
    "full_name": """name, full name, contact, contact name, lead name, person, ansprechpartner, vollstandiger name,
        kontaktname, kontakt, nome, nome completo, nome do contato, nome do lead, contato""",
    "first_name": "first name, firstname, given name, forename, vorname, primeiro nome, prenome",
    "last_name": "last name, lastname, surname, family name, nachname, familienname, zuname, sobrenome, apelido",
    "title": """title, job title, position, role, job role, job, titel, berufsbezeichnung, stellenbezeichnung, funktion,
        rolle, cargo, funcao, titulo""",
    "seniority": "seniority, seniority level, job level, level, management level, hierarchieebene, senioridade, nivel",
    "department": "department, team, business function, division, abteilung, fachbereich, bereich, departamento, area, setor",
    "company_name": """company, company name, organization, organisation, account, account name, employer, business name,
        firma, firmenname, unternehmen, unternehmensname, empresa, nome da empresa, razao social, organizacao""",
    "domain": """domain, website, web site, url, homepage, company website, company domain, web, webseite, internetseite,
        site, dominio, site da empresa, pagina web""",
    "employees": """employees, number of employees, employee count, headcount, company size, size, staff, no of employees,
        mitarbeiter, mitarbeiterzahl, anzahl mitarbeiter, unternehmensgrosse, funcionarios, numero de funcionarios,
        colaboradores, tamanho da empresa, porte""",
    "industry": """industry, sector, vertical, business segment, segment, market segment, branche, wirtschaftszweig,
        industrie, segmento, ramo, industria, setor de atuacao""",
    "country": "country, country code, nation, company country, land, staat, landercode, pais, codigo do pais",
    "technologies": """technologies, technology, tech stack, techstack, tools, software, technologien, eingesetzte software,
        tecnologias, ferramentas""",
    "growth_stage": """growth stage, company stage, funding stage, stage of growth, wachstumsphase, unternehmensphase,
        estagio de crescimento, fase da empresa""",
    "revenue": """revenue, annual revenue, yearly revenue, turnover, company revenue, umsatz,
        jahresumsatz, receita, faturamento, receita anual, faturamento anual""",
    "campaign": """campaign, campaign name, origin, lead source detail, marketing campaign, kampagne, kampagnenname,
        herkunft, campanha, nome da campanha, origem""",
    "channel": """channel, lead source, source, marketing channel, original source, kanal, quelle, leadquelle,
        marketingkanal, canal, fonte, canal de marketing""",
    "asset": """asset, landing page, landing page id, landingpage, page, form, form name, content, whitepaper, document,
        zielseite, formular, inhalt, pagina de destino, formulario, conteudo, material""",
    "utm_source": "utm source, utmsource",
    "utm_medium": "utm medium, utmmedium, medium",
    "utm_campaign": "utm campaign, utmcampaign",
    "arrived_at": """arrived at, created, created at, create date, created date, date created, creation date, date,
        first contact, first contact date, first contact at, first seen, submitted at, submission date, received at,
        timestamp, erstellt, erstellt am, erstelldatum, datum, eingang, eingangsdatum, erstkontakt, data,
        data de criacao, criado em, data do primeiro contato, primeiro contato, data de entrada""",
    "consent": """consent, opt in, optin, gdpr consent, marketing consent, permission, subscribed, einwilligung,
        zustimmung, dsgvo einwilligung, consentimento, aceite, autorizacao""",
    "trigger_event": """trigger event, trigger, buying trigger, buying signal, event, ereignis, anlass, kaufsignal,
        ausloser, evento, gatilho, sinal de compra""",
    "outcome": """outcome, result, status, lead status, deal status, deal stage, stage, disposition, ergebnis, phase,
        resultado, situacao, etapa""",
    "won_at": """won at, won date, date won, won on, closed won date, closed won at, close date, closed at,
        gewonnen am, abschlussdatum, data de ganho, data do fechamento, data de fechamento, ganho em""",
    "lost_at": "lost at, lost date, date lost, lost on, closed lost date, verloren am, data de perda, perdido em",
    "amount": """amount, deal amount, deal value, deal size, value, opportunity amount, contract value, price, betrag,
        wert, auftragswert, auftragssumme, valor, valor do negocio, montante""",
    "currency": "currency, currency code, deal currency, wahrung, wahrungscode, moeda, codigo da moeda",
    "lost_reason": """lost reason, loss reason, closed lost reason, reason lost, reason, reject reason, verlustgrund,
        absagegrund, grund, ablehnungsgrund, motivo da perda, motivo de perda, motivo""",
    "note": """note, notes, comment, comments, message, remarks, description, notiz, notizen, bemerkung, bemerkungen,
        kommentar, nachricht, anmerkung, observacao, observacoes, comentario, mensagem, nota, descricao""",
}

FIELDS: Final[tuple[str, ...]] = tuple(_SYNONYMS)
"""What a column can be."""

_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PREFIXES: Final = ("lead", "contact", "person", "customer", "kunden", "kontakt", "contato", "cliente")
_BY_NAME: Final = {" ".join(name.split()): field for field, names in _SYNONYMS.items() for name in names.split(",")}


def suggest_mapping(header: Iterable[str]) -> dict[str, str]:
    """The field for each column whose name tells it; a field goes to the first of the columns that name it best.

    A name that is a known one wins over a name that is one but for a prefix such as "contact".
    """
    columns = [(column, folding.words(_split_camel(column))) for column in header]
    exact = [(column, _BY_NAME.get(" ".join(words))) for column, words in columns]
    looser = [
        (column, _BY_NAME.get(" ".join(words[1:]))) for column, words in columns if words[:1] and words[0] in _PREFIXES
    ]
    whole = {" ".join(words) for _, words in columns}
    found: dict[str, str] = {}
    for column, field in (*_parts_of_names(columns, whole), *exact, *looser):
        if field and column not in found and field not in found.values():
            found[column] = field
    return {column: found[column] for column, _ in columns if column in found}


def _parts_of_names(columns: list[tuple[str, list[str]]], names: set[str]) -> list[tuple[str, str | None]]:
    """`Name` beside `Vorname` is the last name, `Nome` beside `Sobrenome` the first; alone either is the whole name."""
    meant = {"name": "last_name"} if "vorname" in names and "nachname" not in names else {}
    if not names.isdisjoint(("sobrenome", "apelido")):
        meant["nome"] = "first_name"
    return [(column, meant.get(" ".join(words))) for column, words in columns]


def _split_camel(name: str) -> str:
    """`firstName` -> `first Name`."""
    return _CAMEL.sub(" ", name)
