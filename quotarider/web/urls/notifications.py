from django.urls import path

from quotarider.web.views import notices

app_name = "notifications"
urlpatterns = [
    path("", notices.page, name="list"),
    path("bell/", notices.bell, name="bell"),
    path("read/", notices.read, name="read"),
]
