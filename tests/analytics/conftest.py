import pytest

from accounts.models import Client
from tests.factories.accounts import ClientFactory


@pytest.fixture
def clients(db: None) -> list[Client]:
    """C1, C2 and C3, for whom the rows of `billing_files.row` are."""
    return [ClientFactory(code=f"C{n}") for n in (1, 2, 3)]


@pytest.fixture
def acme(manager, supervisor) -> Client:
    return ClientFactory(code="C1", name="Acme", owner=manager)
