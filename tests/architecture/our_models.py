"""The tables of our own apps."""

from django.apps import apps
from django.db.models import Model
from pghistory.models import Event

APPS = ("staff", "accounts", "visits", "complaints", "care", "analytics", "sync")


def our_models() -> list[type[Model]]:
    """Every model of ours but the copies that the audit trail keeps."""
    return [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not issubclass(model, Event)
    ]
