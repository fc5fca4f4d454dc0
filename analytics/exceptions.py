"""Refusals of this app."""

from django.utils.translation import gettext as _

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


class TooManyUploads(DomainError):
    code = "too_many_uploads"


class IncompleteChunk(DomainError):
    code = "incomplete_chunk"


class ChecksumDiffers(DomainError):
    code = "checksum_differs"


class WrongOffset(DomainError):
    """Bytes are missing before this chunk; `offset` is the next byte expected."""

    code = "wrong_offset"

    def __init__(self, offset: int) -> None:
        super().__init__(_("The next byte expected is %(offset)s.") % {"offset": offset})
        self.offset = offset


class QuarantineTooLarge(DomainError):
    code = "quarantine_too_large"


class NothingToCorrect(DomainError):
    code = "nothing_to_correct"


class ImportFinished(DomainError):
    code = "import_finished"


class MonthNotKept(DomainError):
    code = "month_not_kept"


class CannotUndo(DomainError):
    code = "cannot_undo"


class PeriodClosed(DomainError):
    code = "period_closed"


class PeriodNotClosed(DomainError):
    code = "period_not_closed"


class PeriodNotComputed(DomainError):
    code = "period_not_computed"


class PeriodNotHeld(DomainError):
    code = "period_not_held"


class ReasonMissing(DomainError):
    code = "reason_missing"


class RuleOutOfReach(DomainError):
    code = "rule_out_of_reach"


class NothingChanged(DomainError):
    code = "nothing_changed"


class JudgedToday(DomainError):
    code = "judged_today"


class BillsBusy(DomainError):
    """An import or a computation of months is under way."""

    code = "bills_busy"
