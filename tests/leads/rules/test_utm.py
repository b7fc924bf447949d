import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.rules import utm
from leads.rules.utm import Known


def known(ref, source=None, medium=None, campaign=None, name="Unnamed"):
    return Known(ref, name, utm.campaign_key(source, medium, campaign))


def matched(campaigns, source=None, medium=None, campaign=None):
    found = utm.match_campaign({"utm_source": source, "utm_medium": medium, "utm_campaign": campaign}, campaigns)
    return found and found.ref


VALUES = st.sampled_from([None, "", "a", "b"])
TRIPLES = st.tuples(VALUES, VALUES, VALUES)


class TestCampaignKey:
    def test_ignores_case_separators_and_outer_space(self):
        assert utm.campaign_key(" Google ", "Paid_Search", "Spring  Webinar+2026") == (
            *("google", "paid-search", "spring-webinar-2026"),
        )

    def test_is_empty_where_nothing_is_given(self):
        assert utm.campaign_key(None, "", "  ") == ("", "", "")

    @given(st.text(max_size=30))
    def test_is_its_own_key(self, text):
        value = utm.campaign_key(text, None, None)[0]
        assert utm.campaign_key(value, None, None)[0] == value


class TestMatchCampaign:
    def test_finds_the_campaign_by_its_name_alone(self):
        assert matched([known(1, campaign="spring")], "google", "cpc", "Spring") == 1

    def test_takes_the_more_specific_of_two(self):
        campaigns = [
            known(1, campaign="spring"),
            known(2, "google", None, "spring"),
            known(3, "google", "cpc", "spring"),
        ]
        assert matched(campaigns, "google", "cpc", "spring") == 3
        assert matched(campaigns, "google", "mail", "spring") == 2
        assert matched(campaigns, "bing", "cpc", "spring") == 1

    def test_takes_the_name_before_source_and_medium_together(self):
        campaigns = [known(1, "google", "cpc"), known(2, campaign="spring")]
        assert matched(campaigns, "google", "cpc", "spring") == 2
        assert matched(campaigns, "google", "cpc", "autumn") == 1
        assert matched(campaigns, "google", "cpc") == 1

    def test_takes_the_source_before_the_medium(self):
        assert matched([known(1, medium="cpc"), known(2, source="google")], "google", "cpc") == 2

    def test_needs_every_value_that_the_campaign_has(self):
        assert matched([known(1, "google", "cpc", "spring")], "google", None, "spring") is None

    def test_knows_a_campaign_without_utm_values_by_its_own_name(self):
        assert matched([known(1, name="Spring Webinar")], "google", "cpc", "spring_webinar") == 1

    def test_prefers_a_utm_value_to_a_name(self):
        assert matched([known(1, name="Spring"), known(2, campaign="spring")], campaign="spring") == 2

    def test_takes_the_first_of_equals(self):
        assert matched([known(1, campaign="spring"), known(2, campaign="Spring")], campaign="spring") == 1

    @pytest.mark.parametrize("params", [{}, {"utm_source": None}, {"utm_campaign": " "}, {"gclid": "x"}])
    def test_finds_none_for_a_link_without_values(self, params):
        assert utm.match_campaign(params, [known(1, campaign="spring"), known(2, name=" ")]) is None

    @given(st.lists(TRIPLES, max_size=6), TRIPLES)
    def test_an_index_gives_what_the_list_gives_and_that_fits(self, triples, link):
        campaigns = [known(index, *triple) for index, triple in enumerate(triples)]
        found = matched(campaigns, *link)
        assert matched(utm.index(campaigns), *link) == found
        fitting = [
            index
            for index, triple in enumerate(triples)
            if any(triple) and all(not value or value == given for value, given in zip(triple, link, strict=True))
        ]
        assert (found in fitting) if fitting else found is None
