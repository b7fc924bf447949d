"""What sales says, and what marketing learns from it."""

from django.urls import path

from feedback.views import campaigns, returned, verdicts

app_name = "feedback"

urlpatterns = [
    path("queue/<uuid:handoff_id>/accept/", verdicts.accept, name="accept"),
    path("queue/<uuid:handoff_id>/reject/", verdicts.reject, name="reject"),
    path("queue/<uuid:handoff_id>/won/", verdicts.win, name="win"),
    path("queue/<uuid:handoff_id>/lost/", verdicts.lose, name="lose"),
    path("leads/<uuid:lead_id>/feedback/", verdicts.lead_feedback, name="lead_feedback"),
    path("returned/", returned.page, name="returned"),
    path("returned/<uuid:lead_id>/nurture/", returned.nurture, name="nurture"),
    path("returned/<uuid:lead_id>/disqualify/", returned.disqualify, name="disqualify"),
    path("campaigns/", campaigns.index, name="campaigns"),
    path("campaigns/rows/<slug:what>/", campaigns.rows, name="campaign-rows"),
    path("campaigns/<uuid:campaign_id>/", campaigns.detail, name="campaign"),
]
