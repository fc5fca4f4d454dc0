"""Writes about tokens of REST clients."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from crm.lib.services import service
from staff.models import User
from sync.exceptions import ApiNotAllowed, NotYourToken, TooManyTokens
from sync.models import Token

PREFIX = "crm_"
RANDOM_BYTES = 30  # 40 url-safe characters
MOST_TOKENS = 20
USE_NOTED_EVERY = timedelta(minutes=1)


def digest_of(text: str) -> str:
    """What is stored. The text is random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(text.encode()).hexdigest()


@service
def create_token(
    *, name: str, access: str, expires_at: datetime, now: datetime, by: User
) -> tuple[Token, str]:
    """A new token of the person's own, and its text: to be shown once, it is nowhere stored."""
    if not by.has_perm("sync.use_api"):
        raise ApiNotAllowed(_("Your role may not use the API."))
    User.objects.select_for_update().get(pk=by.pk)  # two at once must not pass the limit
    if Token.objects.owned_by(by).usable(now).count() >= MOST_TOKENS:
        raise TooManyTokens(_("You have too many tokens. Revoke one that is not needed."))
    text = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    token = Token.objects.create(
        owner=by, name=name, access=access, expires_at=expires_at, digest=digest_of(text)
    )
    return token, text


@service
def revoke_token(*, token: Token, now: datetime, by: User) -> Token:
    """Dead at once and for good; again is harmless and keeps the first time."""
    token = Token.objects.select_for_update().get(pk=token.pk)
    if token.owner_id != by.pk:
        raise NotYourToken(_("Only its owner may revoke a token."))
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
    return token


@service
def note_use(*, token: Token, now: datetime, by: User) -> None:
    """When the token was used last; called once a minute, since not every request should write."""
    Token.objects.filter(pk=token.pk).update(last_used_at=now)


@service
def revoke_all_tokens(*, owner: User, now: datetime, by: User | None) -> None:
    """Every token of somebody whose account was disabled (P4)."""
    Token.objects.owned_by(owner).filter(revoked_at=None).update(revoked_at=now)
