"""Personal tokens: `Authorization: Bearer crm_…`."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import SAFE_METHODS

from staff.models import User
from sync.models import Token, TokenScope
from sync.services import USE_NOTED_EVERY, digest_of, note_use

SCHEME = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """The owner of the token; unknown, expired, revoked and orphaned ones look the same."""

    def authenticate(self, request: Any) -> tuple[User, Token] | None:
        scheme, _space, text = get_authorization_header(request).partition(b" ")
        if scheme.lower() != SCHEME.lower().encode():
            return None
        digest = digest_of(text.decode("latin-1").strip())
        token = Token.objects.select_related("owner").filter(digest=digest).first()
        now = timezone.now()
        if token is None or not token.is_usable(now):
            raise exceptions.AuthenticationFailed(
                _("This token is unknown, expired or revoked."), "invalid_token"
            )
        if request.method not in SAFE_METHODS and token.access != TokenScope.WRITE:
            raise exceptions.PermissionDenied(_("This token may only read."), "read_only_token")
        if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
            note_use(token=token, now=now, by=token.owner)
        return token.owner, token

    def authenticate_header(self, request: Any) -> str:
        return f'{SCHEME} realm="api"'
