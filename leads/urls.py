"""People, leads, imports, campaigns."""

from django.urls import path

from leads.views import campaigns, imports

app_name = "leads"

urlpatterns = [
    path("campaigns/new/", campaigns.create, name="campaign-new"),
    path("campaigns/<uuid:campaign_id>/edit/", campaigns.change, name="campaign-change"),
    path("imports/", imports.index, name="imports"),
    path("imports/<uuid:import_id>/", imports.detail, name="import"),
    path("imports/<uuid:import_id>/columns/", imports.plan, name="import-plan"),
    path("imports/<uuid:import_id>/run/", imports.run, name="import-run"),
    path("imports/<uuid:import_id>/discard/", imports.discard, name="import-discard"),
    path("imports/<uuid:import_id>/problems.csv", imports.report, name="import-report"),
]
