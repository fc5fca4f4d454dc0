"""The person's language and time zone for the length of a request."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


class PersonMiddleware:
    """The language a person chose wins over the browser's; times are shown in their zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(user.time_zone)):
            if not user.language:
                return self.get_response(request)
            with translation.override(user.language):
                request.LANGUAGE_CODE = user.language
                return self.get_response(request)
