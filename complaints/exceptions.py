"""Refusals of this app."""

from crm.lib.exceptions import DomainError


class CaseNotOpen(DomainError):
    """Solved or closed already."""

    code = "case_not_open"


class CaseNotSettled(DomainError):
    """It is not solved yet, so it can be neither closed nor reopened."""

    code = "case_not_settled"


class AlreadyReplied(DomainError):
    code = "already_replied"


class TextMissing(DomainError):
    code = "text_missing"


class CallerUnknown(DomainError):
    code = "caller_unknown"


class OtherClient(DomainError):
    code = "other_client"


class ImpossibleHandler(DomainError):
    """Nobody is named, or somebody who cannot work on it."""

    code = "impossible_handler"


class NobodyOnDuty(DomainError):
    code = "nobody_on_duty"


class FirstContactAhead(DomainError):
    code = "first_contact_ahead"


class TooManyLooks(DomainError):
    code = "too_many_looks"
