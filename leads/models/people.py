"""Who is interested: people, and the companies they work for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from quotarider.accounts.models import Member
from quotarider.tenancy.constraints import same_workspace
from quotarider.tenancy.models import TenantModel, reference


class Company(TenantModel):
    """An organisation, matched by domain. Empty text and null mean not yet known."""

    name = models.CharField(max_length=200, blank=True)
    domain = models.CharField(max_length=253, null=True, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    industry = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)
    technologies = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    growth_stage = models.CharField(max_length=60, blank=True)
    revenue = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(fields=["workspace", "domain"], name="company_one_per_domain"),
            models.CheckConstraint(condition=~Q(domain=""), name="company_domain_is_null_when_unknown"),
        ]


class Person(TenantModel):
    """A human, matched by normalised e-mail, then by phone. `email` and `phone` are as given, `*_norm` are compared."""

    clock_may = ("SELECT",)
    deletable = True

    full_name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    email_norm = models.CharField(max_length=254, null=True, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    phone_norm = models.CharField(max_length=20, null=True, blank=True)
    title = models.CharField(max_length=200, blank=True)
    seniority = models.CharField(max_length=60, blank=True)
    department = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    company = reference(Company, null=True, related_name="people")
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("person", "company"),
            models.UniqueConstraint(fields=["workspace", "email_norm"], name="person_one_per_email"),
            models.CheckConstraint(
                condition=~Q(email_norm="") & ~Q(phone_norm=""), name="person_keys_are_null_when_unknown"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "phone_norm"], name="person_by_phone"),  # matching
            models.Index(fields=["workspace", "company"], name="person_of_company"),  # the company's people
        ]


class AlternativeFact(TenantModel):
    """A value that differs from the one we hold, kept beside it: nothing is silently overwritten.

    `field` is a name of `leads.rules.definition.FACTS`; exactly one of person and company is set.
    """

    deletable = True

    person = reference(Person, null=True, related_name="alternatives")
    company = reference(Company, null=True, related_name="alternatives")
    field = models.CharField(max_length=40)
    value = models.CharField(max_length=300)
    told_by = models.CharField(max_length=80)
    learned_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = reference(Member, null=True)
    was_taken = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints = [
            *TenantModel.Meta.constraints,
            *same_workspace("alternative", "person", "company", "settled_by"),
            models.CheckConstraint(
                condition=Q(person=None) ^ Q(company=None), name="alternative_is_of_a_person_or_a_company"
            ),
            models.UniqueConstraint(
                fields=["workspace", "person", "company", "field", "value"],
                nulls_distinct=False,
                name="alternative_kept_once",
            ),
        ]
