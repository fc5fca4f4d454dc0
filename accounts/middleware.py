"""Old addresses of records that have gone into others."""

import re
from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.selectors.merges import gone_into

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class MergedMiddleware:
    """A page that is not there, of a client or contact that has gone into another one, leads to
    the same page of that one: links in mails, notifications and other systems stay good.

    Only who may see the other one is led there. What writes is not repeated.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.NOT_FOUND and request.method in ("GET", "HEAD"):
            return _elsewhere(request) or response
        return response


def _elsewhere(request: HttpRequest) -> HttpResponse | None:
    address = request.get_full_path()
    ids = [UUID(text) for text in ID.findall(address)]
    moved = gone_into(ids, request.user) if ids else {}
    if not moved:
        return None
    for old, new in moved.items():
        address = address.replace(str(old), str(new))
    return HttpResponseRedirect(address)
