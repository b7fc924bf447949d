"""People, leads, imports, campaigns."""

from django.urls import path

from leads.views import campaigns, imports, lead, listing, manual

app_name = "leads"

urlpatterns = [
    path("leads/", listing.page, name="list"),
    path("leads/export/", listing.export, name="export"),
    path("leads/new/", manual.create, name="lead-new"),
    path("leads/<uuid:lead_id>/", lead.detail, name="lead"),
    path("leads/<uuid:lead_id>/facts/<slug:field>/", lead.fact, name="fact"),
    path("leads/<uuid:lead_id>/told/<uuid:fact_id>/", lead.settle, name="settle"),
    path("campaigns/new/", campaigns.create, name="campaign-new"),
    path("campaigns/<uuid:campaign_id>/edit/", campaigns.change, name="campaign-change"),
    path("imports/", imports.index, name="imports"),
    path("imports/<uuid:import_id>/", imports.detail, name="import"),
    path("imports/<uuid:import_id>/columns/", imports.plan, name="import-plan"),
    path("imports/<uuid:import_id>/run/", imports.run, name="import-run"),
    path("imports/<uuid:import_id>/discard/", imports.discard, name="import-discard"),
    path("imports/<uuid:import_id>/problems.csv", imports.report, name="import-report"),
]
