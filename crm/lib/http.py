"""The request as views know it: a person is signed in, htmx is understood."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from staff.models import User


class StaffRequest(HttpRequest):
    """For annotations only: LoginRequiredMiddleware and HtmxMiddleware make it true."""

    user: "User"
    htmx: HtmxDetails
