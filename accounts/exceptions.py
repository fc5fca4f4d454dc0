"""Refusals of this app."""

from crm.lib.exceptions import DomainError


class NotAnOwner(DomainError):
    code = "not_an_owner"


class DuplicateClient(DomainError):
    code = "duplicate_client"


class ReasonMissing(DomainError):
    code = "reason_missing"
