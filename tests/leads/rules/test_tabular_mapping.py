import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.rules import folding, tabular
from leads.rules.tabular import mapping


class TestSuggestMapping:
    @pytest.mark.parametrize(
        "header, suggested",
        [
            (
                ["mql_id", "first_contact_date", "landing_page_id", "origin"],
                {
                    "mql_id": "external_id",
                    "first_contact_date": "arrived_at",
                    "landing_page_id": "asset",
                    "origin": "campaign",
                },
            ),
            (
                ["mql_id", "seller_id", "won_date", "business_segment", "has_gtin"],
                {"mql_id": "external_id", "won_date": "won_at", "business_segment": "industry"},
            ),
            (
                ["First Name", "Last Name", "E-mail", "Job Title", "Company", "Website", "# Employees", "Lead Source"],
                {
                    "First Name": "first_name",
                    "Last Name": "last_name",
                    "E-mail": "email",
                    "Job Title": "title",
                    "Company": "company_name",
                    "Website": "domain",
                    "# Employees": "employees",
                    "Lead Source": "channel",
                },
            ),
            (
                [
                    "Vorname",
                    "Name",
                    "Telefonnummer",
                    "Firma",
                    "Branche",
                    "Land",
                    "Erstellt am",
                    "Verlustgrund",
                    "Währung",
                ],
                {
                    "Vorname": "first_name",
                    "Name": "last_name",
                    "Telefonnummer": "phone",
                    "Firma": "company_name",
                    "Branche": "industry",
                    "Land": "country",
                    "Erstellt am": "arrived_at",
                    "Verlustgrund": "lost_reason",
                    "Währung": "currency",
                },
            ),
            (
                [
                    "Nome",
                    "Sobrenome",
                    "Telefone",
                    "Empresa",
                    "País",
                    "Funcionários",
                    "Data de criação",
                    "Motivo da perda",
                ],
                {
                    "Nome": "first_name",
                    "Sobrenome": "last_name",
                    "Telefone": "phone",
                    "Empresa": "company_name",
                    "País": "country",
                    "Funcionários": "employees",
                    "Data de criação": "arrived_at",
                    "Motivo da perda": "lost_reason",
                },
            ),
            (["Nome", "E-mail"], {"Nome": "full_name", "E-mail": "email"}),
            (
                ["utm_source", "utmMedium", "UTM Campaign"],
                {"utm_source": "utm_source", "utmMedium": "utm_medium", "UTM Campaign": "utm_campaign"},
            ),
            (["firstName", "contactEmail"], {"firstName": "first_name", "contactEmail": "email"}),
            (["Shoe size", "x", ""], {}),
        ],
    )
    def test_knows_the_usual_names(self, header, suggested):
        assert tabular.suggest_mapping(header) == suggested

    def test_gives_a_field_to_one_column_only(self):
        assert tabular.suggest_mapping(["Phone", "Mobile"]) == {"Phone": "phone"}

    def test_prefers_the_exact_name_to_one_with_a_prefix(self):
        assert tabular.suggest_mapping(["Contact email", "Email"]) == {"Email": "email"}

    def test_each_name_is_of_one_field_and_in_comparison_form(self):
        names = [" ".join(name.split()) for listed in mapping._SYNONYMS.values() for name in listed.split(",")]
        assert sorted(set(names)) == sorted(names)
        assert [name for name in names if " ".join(folding.words(name)) != name] == []

    def test_every_field_is_found_by_its_own_name_and_the_known_ones_are_complete(self):
        assert tabular.suggest_mapping(tabular.FIELDS) == {field: field for field in tabular.FIELDS}
        assert len(tabular.FIELDS) == 33

    @given(st.lists(st.text(max_size=12), max_size=8))
    def test_whatever_the_header_each_field_is_used_once(self, header):
        suggested = tabular.suggest_mapping(header)
        assert set(suggested) <= set(header)
        assert len(set(suggested.values())) == len(suggested)
