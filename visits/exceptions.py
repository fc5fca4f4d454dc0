"""Refusals of this app."""

from crm.lib.exceptions import DomainError


class VisitNotOpen(DomainError):
    code = "visit_not_open"


class OutlineMissing(DomainError):
    code = "outline_missing"


class RecordIncomplete(DomainError):
    code = "record_incomplete"


class ReasonMissing(DomainError):
    code = "reason_missing"
