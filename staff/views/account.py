"""Signing in and language."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from crm.lib.views import back_or
from staff.forms import LoginForm
from staff.services import people


class SignInView(LoginView):
    authentication_form = LoginForm
    redirect_authenticated_user = True


class OwnPasswordView(PasswordChangeView):
    """A password nobody else knows; opens the site to people who were given one."""

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        people.own_password_set(by=self.request.user)  # type: ignore[arg-type]
        return response


# Anonymous people choose the language of the sign-in page.
@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in the account, or in a cookie before signing in."""
    language = request.POST.get("language", "")
    response = back_or(request, "/")
    if language not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        people.choose_language(language=language, by=request.user)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return response
