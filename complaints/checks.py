"""Settings that would fail later are told at the start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from complaints.clock import override_problems


@register()
def case_limits(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(f"CASE_LIMITS: not a known limit: {problem}", id="complaints.E001")
        for problem in override_problems(settings.CASE_LIMITS)
    ]
