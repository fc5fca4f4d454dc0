"""Refusals of this app."""

from crm.lib.exceptions import DomainError


class OutOfReach(DomainError):
    """Outside the units the acting person answers for."""

    code = "out_of_reach"


class ImpossiblePlace(DomainError):
    """A unit cannot stand there: below itself, below a wrong kind or a closed one."""

    code = "impossible_place"


class UnitInUse(DomainError):
    code = "unit_in_use"


class MoveOutdated(DomainError):
    code = "move_outdated"


class RoleNotGrantable(DomainError):
    code = "role_not_grantable"


class NotYourself(DomainError):
    code = "not_yourself"


class PositionClosed(DomainError):
    code = "position_closed"


class AbsenceOverlaps(DomainError):
    code = "absence_overlaps"


class DeputyNotPossible(DomainError):
    code = "deputy_not_possible"


class AbsenceDecided(DomainError):
    """Already approved, refused or taken back."""

    code = "absence_decided"


class OwnDecision(DomainError):
    """Nobody approves what they asked for themselves."""

    code = "own_decision"


class LoanReturned(DomainError):
    code = "loan_returned"


class NameTaken(DomainError):
    code = "name_taken"


class NotYourUnit(DomainError):
    """Filters are shared with one's own unit and those below it."""

    code = "not_your_unit"


class ExportNeedsReason(DomainError):
    code = "export_needs_reason"


class ExportDecided(DomainError):
    code = "export_decided"
