"""Refusals of this app."""

from crm.lib.exceptions import DomainError


class AlertNotOpen(DomainError):
    code = "alert_not_open"


class ItemsMissing(DomainError):
    code = "items_missing"


class VisitDoesNotCount(DomainError):
    code = "visit_does_not_count"


class NothingToComplete(DomainError):
    code = "nothing_to_complete"


class NotADraft(DomainError):
    code = "not_a_draft"


class NotLookedAt(DomainError):
    code = "not_looked_at"


class QuarantineTooLarge(DomainError):
    code = "quarantine_too_large"


class NothingToCorrect(DomainError):
    code = "nothing_to_correct"


class ImportFinished(DomainError):
    code = "import_finished"


class CannotUndo(DomainError):
    code = "cannot_undo"
