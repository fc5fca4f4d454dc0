"""The dashboard's address."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.rule("P32")
@pytest.mark.parametrize("code", ["\0", "NO", "T1\0"])
def test_an_unknown_unit_in_the_address_is_ignored(code, supervisor, login):
    response = login(supervisor).get(reverse("analytics:dashboard"), {"unit": code})

    assert (response.status_code, response.context_data["unit"]) == (200, None)
