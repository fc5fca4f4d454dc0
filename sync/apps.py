from importlib import import_module

from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "sync"

    def ready(self) -> None:
        import_module("sync.receivers")
