"""The queue, what is done from it, and the teams."""

from django.urls import path

from handoff.views import activity, deeds, queue, teams

app_name = "handoff"

urlpatterns = [
    path("queue/", queue.page, name="queue"),
    path("queue/<uuid:handoff_id>/", queue.selected, name="selected"),
    path("queue/<uuid:handoff_id>/touch/<slug:kind>/", deeds.touch, name="touch"),
    path("queue/<uuid:handoff_id>/next-step/", deeds.next_step, name="next-step"),
    path("queue/<uuid:handoff_id>/hand-over/", deeds.hand_over, name="hand-over"),
    path("queue/<uuid:handoff_id>/take/", deeds.take, name="take"),
    path("leads/<uuid:lead_id>/activity/", activity.lead_activity, name="lead_activity"),
    path("settings/teams/", teams.page, name="teams"),
    path("settings/teams/<uuid:team_id>/seats/", teams.add_seat, name="add-seat"),
    path("settings/teams/<uuid:team_id>/manager/", teams.change_manager, name="change-manager"),
    path("settings/seats/<uuid:seat_id>/remove/", teams.remove_seat, name="remove-seat"),
    path("settings/absences/", teams.note_absence, name="note-absence"),
    path("settings/absences/<uuid:absence_id>/withdraw/", teams.withdraw_absence, name="withdraw-absence"),
]
