"""The person's language and time zone for the length of a request; what comes before work."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation

from staff.models import User


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


SEEN = "seen_at"
SEEN_EVERY = 60  # seconds: not every request writes its session


class IdleMiddleware:
    """Ends the session of somebody who has done nothing for a while (SEC-04)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = settings.SESSION_IDLE_MINUTES * 60
        if limit and request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            idle = now - request.session.get(SEEN, now)
            if idle > limit:
                logout(request)
            elif idle >= SEEN_EVERY or SEEN not in request.session:
                request.session[SEEN] = now
        return self.get_response(request)


class BeforeWorkMiddleware:
    """Nothing works before a given password is changed and the confidentiality text accepted.

    Leaving and the language always do.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        step = _next_step(user) if user.is_authenticated else ""
        if not step or request.path in {reverse(name) for name in (step, *ALWAYS_OPEN)}:
            return self.get_response(request)
        if request.path.startswith("/api/"):
            raise PermissionDenied
        return HttpResponseRedirect(reverse(step))


ALWAYS_OPEN = ("staff:logout", "set_language", "health", "favicon")


def _next_step(user: User) -> str:
    if user.must_change_password:
        return "staff:password_change"
    return "staff:policy_acknowledge" if user.must_acknowledge else ""
