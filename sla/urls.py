"""The contract between the sides: SLA board, Agreement, clocks."""

from django.urls import path

from sla.views import agreement, board, clocks

app_name = "sla"

urlpatterns = [
    path("board/", board.index, name="board"),
    path("board/late/", board.late, name="late"),
    path("board/clocks/", board.rows, name="rows"),
    path("board/clocks/<uuid:clock_id>/retry/", board.retry, name="retry"),
    path("leads/<uuid:lead_id>/clocks/", clocks.lead_clocks, name="lead_clocks"),
    path("agreement/", agreement.index, name="agreement"),
    path("agreement/versions/<int:number>/", agreement.version, name="version"),
    path("agreement/compare/", agreement.compare, name="compare"),
    path("agreement/definition/edit/", agreement.definition_edit, name="definition-edit"),
    path("agreement/terms/edit/", agreement.terms_edit, name="terms-edit"),
    path("agreement/terms/preview/", agreement.terms_preview, name="terms-preview"),
    path("clocks/<uuid:handoff_id>/", clocks.clock_details, name="clock_details"),
]
