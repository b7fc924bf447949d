from django.urls import path

from quotarider.web.views import audit, settings

app_name = "settings"
urlpatterns = [
    path("", settings.index, name="index"),
    path("members/", settings.members, name="members"),
    path("members/<uuid:member_id>/", settings.member_change, name="member-change"),
    path("invitations/<uuid:invitation_id>/revoke/", settings.invitation_revoke, name="invitation-revoke"),
    path("keys/", settings.keys, name="keys"),
    path("keys/<uuid:key_id>/revoke/", settings.key_revoke, name="key-revoke"),
    path("profile/", settings.profile, name="profile"),
    path("audit/", audit.entries, name="audit"),
]
