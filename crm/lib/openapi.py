"""OpenAPI from the code: each operation with its right and every problem it may answer."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from crm.lib.problems import CONTENT_TYPE

PROBLEMS = {
    "400": "The input or a parameter is not valid.",
    "401": "No login, or a token that is unknown, expired or revoked.",
    "403": "The right is missing, the token may only read, or the CSRF token is missing.",
    "404": "No such record in sight.",
    "406": "Only JSON is given out.",
    "409": "The state of the record does not allow it; `code` says why.",
    "413": "The body is too large.",
    "415": "The body has another media type than documented.",
    "429": "Too many requests; `Retry-After` says for how many seconds.",
}
ALWAYS = ("401", "403", "406", "429")
HEADERS = {
    "201": {"Location": "Address of the new record."},
    "202": {
        "Location": "Address to ask how far it is.",
        "Retry-After": "Seconds until asking makes sense.",
    },
    "401": {"WWW-Authenticate": "How to authenticate."},
    "429": {"Retry-After": "Seconds until the next request will be answered."},
}


class ProblemItem(serializers.Serializer):
    pointer = serializers.CharField(help_text="JSON pointer to the value, as a URI fragment.")
    code = serializers.CharField(help_text="Stable, not translated.")
    detail = serializers.CharField()


class ProblemBody(serializers.Serializer):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    code = serializers.CharField(help_text="Stable, not translated.")
    errors = ProblemItem(many=True)  # type: ignore[assignment]

    class Meta:
        ref_name = "Problem"


class ProblemAutoSchema(AutoSchema):
    """Knows the conventions of crm.lib.viewsets, so that views need no decorators for them."""

    view: Any

    def get_request_serializer(self) -> Any:
        return self._inputs.get(self.view.action)

    def get_response_serializers(self) -> Any:
        if self.view.action == "create":
            return {201: self.view.get_serializer_class()}
        return {200: self._get_serializer()}

    def get_operation_id(self) -> str:
        return f"{self.get_tags()[0].replace('-', '_')}_{self.view.action}"

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_description(self) -> str:  # type: ignore[override]
        text = super().get_description() if self._is_verb else ""
        right = getattr(self.view, "rights", {}).get(self.view.action)
        return f"{text}\n\nNeeds the right `{right}`.".strip() if right else text

    @property
    def _inputs(self) -> dict[str, Any]:
        return getattr(self.view, "inputs", {})

    @property
    def _is_verb(self) -> bool:
        return bool(getattr(getattr(self.view, self.view.action or "", None), "__doc__", ""))

    def _is_create_operation(self) -> bool:
        return self.view.action == "create"

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        if direction == "response":
            for status in self._problem_statuses():
                bodies[status] = self._get_response_for_code(ProblemBody, status, [CONTENT_TYPE])
                bodies[status]["description"] = PROBLEMS[status]
        for status, headers in HEADERS.items():
            if status in bodies:
                bodies[status]["headers"] = {
                    name: {"schema": {"type": "string"}, "description": text}
                    for name, text in headers.items()
                }
        return dict(sorted(bodies.items()))

    def _problem_statuses(self) -> list[str]:
        statuses = list(ALWAYS)
        if self.method == "GET" and self._is_list_view():
            statuses.append("400")
        if self.view.detail:
            statuses.append("404")
        if self.method != "GET":
            statuses += ["400", "409", "413", "415"]
        return statuses


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "sync.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token, made on the page “API tokens” and shown once.",
        }
