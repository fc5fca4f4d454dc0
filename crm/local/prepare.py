"""Bring database, translations, static files and demo data up to date: `python -m crm.local.prepare`.

One process, because starting Django costs more than most of the steps. Prints the demo logins.
"""

import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from crm.local import stamps
from crm.local.folders import PROJECT, data_folder
from crm.local.install import say
from crm.local.translations import compile_translations


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    compile_translations()
    django.setup()
    migrate()
    collect_static()
    if sys.argv[1:] == ["--with-demo"]:
        load_demo()
    if "demo_logins" in get_commands():
        call_command("demo_logins")


def migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Migrating the database")
        call_command("migrate", verbosity=0, interactive=False)


def collect_static() -> None:
    """Package files change with the lock file only, so just our own are looked at."""
    ours = [Path(app.path) / "static" for app in apps.get_app_configs() if _is_ours(app.path)]
    extra = [Path(str(d[1] if isinstance(d, tuple) else d)) for d in settings.STATICFILES_DIRS]
    made_from = [PROJECT / "requirements.lock", PROJECT / "crm" / "settings.py"]
    made_from += stamps.files_below(*ours, *extra)
    backend = str(settings.STORAGES["staticfiles"]["BACKEND"])
    stamp = stamps.Stamp(
        data_folder() / "stamps" / "static", stamps.of_times(made_from, extra=backend)
    )
    if not (stamp.holds() and Path(settings.STATIC_ROOT).is_dir()):
        say("Collecting static files")
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.set()


def _is_ours(folder: str) -> bool:
    return Path(folder).is_relative_to(PROJECT) and "site-packages" not in folder


def load_demo() -> None:
    """Once for each data folder; a killed load is done again, the command repeats nothing."""
    stamp = stamps.Stamp(data_folder() / "stamps" / "demo", "loaded")
    if stamp.holds() or "load_demo" not in get_commands():
        return
    say("Loading the demo")
    call_command("load_demo")
    stamp.set()


if __name__ == "__main__":
    main()
