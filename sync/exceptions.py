"""Refusals of this app."""

from crm.lib.exceptions import DomainError


class TooManyTokens(DomainError):
    code = "too_many_tokens"


class ApiNotAllowed(DomainError):
    code = "api_not_allowed"


class NotYourToken(DomainError):
    code = "not_your_token"
