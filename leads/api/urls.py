"""Addresses under /api/v1/."""

from django.urls import path

from leads.api import leads, touchpoints

urlpatterns = [
    path("leads/", leads.Leads.as_view(), name="api-leads"),
    path("leads/bulk/", leads.Bulk.as_view(), name="api-leads-bulk"),
    path("leads/<uuid:lead_id>/", leads.One.as_view(), name="api-lead"),
    path("touchpoints/", touchpoints.Touchpoints.as_view(), name="api-touchpoints"),
]
