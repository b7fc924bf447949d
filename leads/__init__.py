"""People, companies, intake, matching, touchpoints, campaigns, the lead definition and scoring."""
