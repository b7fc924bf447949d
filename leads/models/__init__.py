"""The first stage's tables."""

from leads.models.campaigns import Campaign, Source, Touchpoint
from leads.models.definition import LeadDefinition
from leads.models.imports import ImportJob, ImportProblem
from leads.models.intake import IntakeRecord
from leads.models.lead import Lead, Score, SearchToken
from leads.models.people import AlternativeFact, Company, Person

__all__ = [
    "AlternativeFact",
    "Campaign",
    "Company",
    "ImportJob",
    "ImportProblem",
    "IntakeRecord",
    "Lead",
    "LeadDefinition",
    "Person",
    "Score",
    "SearchToken",
    "Source",
    "Touchpoint",
]
