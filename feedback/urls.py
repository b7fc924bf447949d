"""What sales says, and what marketing learns from it."""

from django.urls import path

from feedback.views import campaigns

app_name = "feedback"

urlpatterns = [
    path("campaigns/", campaigns.index, name="campaigns"),
    path("campaigns/rows/<slug:what>/", campaigns.rows, name="campaign-rows"),
    path("campaigns/<uuid:campaign_id>/", campaigns.detail, name="campaign"),
]
