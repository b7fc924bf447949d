from handoff.models import Touch
from handoff.rules import story
from leads.rules.definition import SIGNAL_KINDS


class TestEngagement:
    def test_has_words_for_every_kind_of_signal(self) -> None:
        assert {story.engagement(kind, "") for kind in SIGNAL_KINDS} >= {"Visited a page", "Looked at prices"}
        assert story.engagement("webinar", "Cold chain") == "Attended"
        assert story.engagement("coffee_break", "") == "Coffee break"


class TestResults:
    def test_are_those_that_a_touch_can_have(self) -> None:
        assert set(story.RESULTS_OF) == set(Touch.KINDS)
        assert {result for results in story.RESULTS_OF.values() for result in results} == set(Touch.RESULTS)
