"""The OpenAPI document: committed, current, and true."""

import os
import re
from pathlib import Path

import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import get_resolver
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS, load_all_checks

from crm.lib.api import TokenThrottle
from crm.wsgi import application
from tests.factories.accounts import ContactFactory, MemberFactory
from tests.factories.analytics import AlertFactory, BillingImportFactory, BillingPeriodFactory
from tests.factories.visits import VisitFactory

COMMITTED = Path(__file__).parents[2] / "docs/openapi.yaml"

# Some two thousand systematic cases more, in a minute or two: CRM_API_CASES=all
EVERY_CASE = os.environ.get("CRM_API_CASES") == "all"

schema = schemathesis.openapi.from_path(COMMITTED)
schema.app = application
schema.config.phases.coverage.enabled = EVERY_CASE
load_all_checks()
CHECKED = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "response_headers_conformance",
        "unsupported_method",
        "ignored_auth",
    ]
)


def test_committed_document_is_current(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "new.yaml"))

    assert (tmp_path / "new.yaml").read_text() == COMMITTED.read_text(), "run `make schema`"


def test_every_route_is_documented():
    documented = {
        re.sub(r"{\w+}", "{}", path) for path in yaml.safe_load(COMMITTED.read_text())["paths"]
    }

    routes = {
        "/api/v1/" + re.sub(r"<[^>]+>", "{}", str(route.pattern))
        for group in get_resolver("crm.api_urls").url_patterns
        for route in getattr(group, "url_patterns", [])
    }

    assert routes == documented


@pytest.fixture
def tokens(operations, supervisor, own_client, token_of, monkeypatch):
    """Rows at every address, no limit, and connections that survive a raw WSGI call."""
    monkeypatch.setattr(TokenThrottle, "rate", "1000000/min", raising=False)
    VisitFactory(client=own_client, visitor=supervisor)
    AlertFactory(client=own_client)
    ContactFactory(client=own_client)
    MemberFactory(client=own_client)
    BillingImportFactory(created_by=operations)
    BillingPeriodFactory()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield {"operations": token_of(operations), "supervisor": token_of(supervisor)}
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=50 if EVERY_CASE else 10,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_operations_behave_as_documented(case, tokens):
    imports = case.path.startswith(("/api/v1/billing-imports", "/api/v1/periods"))
    token = tokens["operations" if imports else "supervisor"]
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKED)
