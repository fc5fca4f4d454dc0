"""Errors of the API as `application/problem+json` (RFC 9457); `code` is stable and untranslated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg2.errorcodes import UNIQUE_VIOLATION
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.settings import api_settings

from crm.lib.exceptions import DomainError

CONTENT_TYPE = "application/problem+json"
API_PREFIX = "/api/"

TITLES: dict[int, Any] = {
    400: _("The request is not valid"),
    401: _("Authentication is needed"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Method not allowed"),
    406: _("Not acceptable"),
    409: _("Conflict"),
    413: _("The body is too large"),
    415: _("Unsupported media type"),
    429: _("Too many requests"),
    500: _("Server error"),
}
DETAILS: dict[int, Any] = {
    400: _("The server could not understand the request."),
    403: _("You do not have the right to do this."),
    404: _("There is nothing at this address, or you may not see it."),
    413: _("Send less at once."),
    500: _("Something went wrong on the server. Please try again."),
}
CODES = {
    400: "bad_request",
    403: "permission_denied",
    404: "not_found",
    413: "body_too_large",
    500: "server_error",
}


class InvalidQuery(exceptions.APIException):
    """A parameter of the address that is unknown or has a value that cannot be."""

    status_code = 400
    default_code = "invalid_query"
    default_detail = _("A parameter of the address is not valid.")

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__()
        self.errors = errors

    @classmethod
    def of(cls, parameter: str, detail: str | Promise, code: str = "invalid") -> "InvalidQuery":
        return cls([item(f"#/{parameter}", code, detail)])


class InvalidCursorParameter(exceptions.APIException):
    status_code = 400
    default_code = "invalid_cursor"
    default_detail = _("This cursor is not one of ours or belongs to another order.")


class BodyTooLarge(exceptions.APIException):
    status_code = 413
    default_code = CODES[413]
    default_detail = DETAILS[413]


@dataclass(frozen=True)
class Problem:
    status: int
    code: str
    detail: str | Promise
    errors: list[dict[str, str]] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self, path: str) -> dict[str, Any]:
        title = TITLES.get(self.status) or HTTPStatus(self.status).phrase
        return {
            "type": f"urn:crm:problem:{self.code}",
            "title": str(title),
            "status": self.status,
            "detail": str(self.detail),
            "instance": path,
            "code": self.code,
            "errors": self.errors,
        }


def item(pointer: str, code: str, detail: str | Promise) -> dict[str, str]:
    return {"pointer": pointer, "code": code, "detail": str(detail)}


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """What REST_FRAMEWORK's EXCEPTION_HANDLER answers; None leaves the error to Django (500)."""
    problem = _problem_of(error)
    if problem is None:
        return None
    return Response(
        problem.as_json(context["request"].path),
        status=problem.status,
        headers=dict(problem.headers),
        content_type=CONTENT_TYPE,
    )


def for_path(request: HttpRequest, status: int) -> HttpResponse | None:
    """The problem for errors outside of views, when the address is one of the API; else None."""
    if not request.path.startswith(API_PREFIX):
        return None
    problem = _plain(status)
    return JsonResponse(problem.as_json(request.path), status=status, content_type=CONTENT_TYPE)


def _plain(status: int) -> Problem:
    return Problem(status, CODES[status], DETAILS[status])


def _problem_of(error: Exception) -> Problem | None:
    match error:
        case DomainError():
            return Problem(409, error.code, error.message)
        case Http404():
            return _plain(404)
        case PermissionDenied():
            return _plain(403)
        case RequestDataTooBig():
            return _plain(413)
        case SuspiciousOperation():
            return _plain(400)
        case exceptions.ValidationError() | DjangoValidationError():
            errors = list(_items(as_serializer_error(error)))
            return Problem(400, "validation_failed", _("Some values are not valid."), errors)
        case exceptions.APIException():
            return _of_api(error)
        case IntegrityError() if getattr(error.__cause__, "pgcode", "") == UNIQUE_VIOLATION:
            return Problem(409, "already_exists", _("A record with these values already exists."))
        case _:
            return None


def _of_api(error: exceptions.APIException) -> Problem:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(int(wait))
    code = getattr(error.detail, "code", error.default_code)
    return Problem(
        error.status_code, code, str(error.detail), getattr(error, "errors", []), headers
    )


def _items(detail: Any, pointer: str = "#") -> Iterator[dict[str, str]]:
    """Every message of a nested serializer error with the place it is about."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            whole = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from _items(inner, pointer if whole else f"{pointer}/{_escaped(str(name))}")
    elif isinstance(detail, list | tuple):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _items(inner, f"{pointer}/{number}" if nested else pointer)
    else:
        yield item(pointer, getattr(detail, "code", "invalid"), detail)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
