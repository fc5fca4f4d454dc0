import pytest

from accounts.models import Client, Member
from analytics.models import BillingImport
from tests.analytics.billing_files import load_month, number
from tests.analytics.drop_senders import Sender
from tests.analytics.undo_steps import month
from tests.factories.accounts import ClientFactory, MemberFactory


@pytest.fixture
def clients(db: None) -> list[Client]:
    """C1, C2 and C3, for whom the rows of `billing_files.row` are."""
    return [ClientFactory(code=f"C{n}") for n in (1, 2, 3)]


@pytest.fixture
def acme(manager, supervisor) -> Client:
    return ClientFactory(code="C1", name="Acme", owner=manager)


@pytest.fixture
def sender(tmp_path, settings, operations):
    (tmp_path / "drop").mkdir()
    settings.IMPORT_DROP_FOLDER = str(tmp_path / "drop")
    settings.IMPORT_DROP_USER = operations.username
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SITE_URL = "https://crm.example"
    ClientFactory(code="C1", unit=operations.unit)
    return Sender(tmp_path / "drop")


@pytest.fixture
def may(operations) -> BillingImport:
    return load_month(month(0, 30, "2026-05", "C1") + month(30, 60, "2026-05", "C2"))


@pytest.fixture
def members(clients) -> list[Member]:
    """Numbers 1 and 2 of C1, 3 of C2."""
    return [
        MemberFactory(client=client, msisdn=number(n))
        for n, client in ((1, clients[0]), (2, clients[0]), (3, clients[1]))
    ]
