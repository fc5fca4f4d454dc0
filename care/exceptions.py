"""Refusals of this app."""

from crm.lib.exceptions import DomainError


class OtherClient(DomainError):
    code = "other_client"


class AlreadyDecided(DomainError):
    code = "already_decided"


class OwnGift(DomainError):
    """Nobody approves what they gave, got or registered themselves."""

    code = "own_gift"


class TextMissing(DomainError):
    code = "text_missing"


class InTheFuture(DomainError):
    code = "in_the_future"
