"""Who may call the REST API, how often, and how its lists are filtered and cut into pages.

Named in settings, so nothing here may import views of rest_framework: they read the settings.
"""

import re
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import permissions
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.utils.urls import remove_query_param, replace_query_param

from crm.lib.keyset import PAGE_SIZE, PAGE_SIZE_MAX, Order, Page, keyset_page
from crm.lib.problems import InvalidCursorParameter, InvalidQuery, item

COUNT_MAX = 10_000
LIST_PARAMETERS = frozenset({"sort", "cursor", "limit", "count"})


# Who may do what ------------------------------------------------------------------------------


class RolePermission(permissions.BasePermission):
    """The right that the view names for its action; without one named nobody may.

    A row out of sight is 404 before the missing right is 403.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if not user.is_authenticated:
            return False
        if view.action in (None, "metadata"):  # a method the view does not have: 405 follows
            return True
        if request.auth is not None and not user.has_perm("sync.use_api"):
            return False
        right = view.rights.get(view.action)
        if right is not None and user.has_perm(right):
            return True
        if view.detail:
            view.get_object()
        return False


class TokenThrottle(SimpleRateThrottle):
    """So many requests per token, or per person for the site's own pages."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if not request.user.is_authenticated:
            return None
        ident = f"t{request.auth.pk}" if request.auth is not None else f"u{request.user.pk}"
        return f"throttle:{ident}"


# Lists ----------------------------------------------------------------------------------------


class StrictFilterBackend(DjangoFilterBackend):
    """The app's FilterSet; a parameter it does not know is an error, never ignored."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        filterset = self.get_filterset(request, queryset, view)
        known = LIST_PARAMETERS | set(filterset.filters if filterset else ())
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            raise InvalidQuery(
                [item(f"#/{n}", "unknown_parameter", _("Unknown parameter.")) for n in unknown]
            )
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise InvalidQuery(
                [
                    item(f"#/{name}", error.code or "invalid", message)
                    for name, errors in filterset.errors.as_data().items()
                    for error in errors
                    for message in error.messages
                ]
            )
        return filterset.qs


class KeysetPagination(BasePagination):
    """`limit`, `sort`, `cursor`, `count`; the answer's `next` is absent on the last page."""

    signer = signing.Signer(sep=".", salt="crm.lib.api.cursor")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.page: Page = keyset_page(
            queryset, self._order(view), cursor=self._cursor(), limit=self._limit()
        )
        self.count = self._count(queryset)
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        body: dict[str, Any] = {"results": data}
        if self.page.next_cursor:
            url = self.request.build_absolute_uri()
            token = self.signer.sign(f"{self._order_name}~{self.page.next_cursor}")
            body["next"] = replace_query_param(remove_query_param(url, "count"), "cursor", token)
        if self.count is not None:
            body["count"] = min(self.count, COUNT_MAX)
            body["count_capped"] = self.count > COUNT_MAX
        return Response(body)

    def _order(self, view: Any) -> Order:
        filterset = view.filterset_class
        name = self.request.query_params.get("sort", filterset.DEFAULT_ORDER)
        if name not in filterset.ORDERS:
            raise InvalidQuery.of("sort", _("Unknown order."), "unknown_sort")
        self._order_name = name
        return filterset.ORDERS[name]

    def _cursor(self) -> str:
        """Signed, so that nothing but a place of this order comes back."""
        token = self.request.query_params.get("cursor")
        if token is None:
            return ""
        try:
            name, _tilde, cursor = self.signer.unsign(token).partition("~")
        except signing.BadSignature as error:
            raise InvalidCursorParameter from error
        if name != self._order_name:
            raise InvalidCursorParameter
        return cursor

    def _limit(self) -> int:
        text = self.request.query_params.get("limit", str(PAGE_SIZE))
        limit = int(text) if re.fullmatch("[0-9]{1,3}", text) else 0
        if not 1 <= limit <= PAGE_SIZE_MAX:
            raise InvalidQuery.of("limit", _("Write a number from 1 to 200."))
        return limit

    def _count(self, queryset: QuerySet) -> int | None:
        wanted = self.request.query_params.get("count")
        if wanted is None:
            return None
        if wanted != "exact":
            raise InvalidQuery.of("count", _("Only “exact” can be asked for."))
        return queryset.order_by()[: COUNT_MAX + 1].count()

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results"],
            "properties": {
                "results": schema,
                "next": {
                    "type": "string",
                    "format": "uri",
                    "description": "Address of the next page; absent on the last one.",
                },
                "count": {"type": "integer", "description": "Only with `count=exact`."},
                "count_capped": {
                    "type": "boolean",
                    "description": f"True when there are more than {COUNT_MAX} rows.",
                },
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        filterset = view.filterset_class
        sort = {
            "type": "string",
            "enum": list(filterset.ORDERS),
            "default": filterset.DEFAULT_ORDER,
        }
        limit = {"type": "integer", "minimum": 1, "maximum": PAGE_SIZE_MAX, "default": PAGE_SIZE}
        return [
            _query("sort", sort, "Order; ties are broken by id."),
            _query("limit", limit, "Rows per page."),
            _query("cursor", {"type": "string"}, "Opaque place of a page; taken from `next`."),
            _query(
                "count",
                {"type": "string", "enum": ["exact"]},
                f"Also count the rows, up to {COUNT_MAX}.",
            ),
        ]


def _query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description}
