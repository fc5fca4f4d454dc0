"""The Django project: settings, URLs, Celery. What every app shares lives in `crm.lib`."""

from crm.celery import app as celery_app

__all__ = ["celery_app"]
