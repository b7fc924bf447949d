"""People, leads, imports, campaigns."""

from django.urls import path

from leads.views import campaigns

app_name = "leads"

urlpatterns = [
    path("campaigns/new/", campaigns.create, name="campaign-new"),
    path("campaigns/<uuid:campaign_id>/edit/", campaigns.change, name="campaign-change"),
]
