"""The OpenAPI document says what the API does: generated requests find no answer that it doesn't promise."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from quotarider import tenancy
from quotarider.wsgi import application
from tests.factories import leads as make
from tests.factories.accounts import api_key

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLES = 40
SEND_ONE = "POST /api/v1/leads/"
OPERATIONS = (
    SEND_ONE,
    "GET /api/v1/leads/",
    "GET /api/v1/leads/{lead_id}/",
    "POST /api/v1/leads/bulk/",
    "POST /api/v1/touchpoints/",
)
# what a schema can't say: an address that exists as a form, a country that exists, that a lead can be told apart
EXCLUDED = [positive_data_acceptance]


@pytest.fixture
def token(admin) -> str:
    with tenancy.scope(admin.workspace_id) as scope:
        make.lead(at=scope.now, email="ann@acme.com", external_id="crm-1")
    return api_key(admin)[1]


@pytest.fixture
def operation(db) -> Callable[[str], Any]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
    found = {result.ok().label: result.ok() for result in schema.get_all_operations()}
    assert set(OPERATIONS) <= set(found)
    return found.__getitem__


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("label", OPERATIONS)
def test_answers_as_documented(operation, token, label, mode):
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation(label).as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=EXCLUDED)

    each()
