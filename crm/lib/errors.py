"""Error pages: what a person sees when something goes wrong, never a trace."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from crm.lib.exceptions import DomainError


class ErrorPagesMiddleware:
    """A DomainError that a view did not handle becomes a readable page with status 409."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        return TemplateResponse(request, "409.html", {"error": error}, status=409).render()
