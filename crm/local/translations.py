"""Texts compiled for Django, wherever the project runs or is tested."""

import polib

from crm.local.folders import PROJECT


def compile_translations() -> None:
    """*.po to *.mo without GNU gettext; put in place in one step."""
    for source in (PROJECT / "locale").rglob("*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            unfinished = target.with_suffix(".mo.unfinished")
            polib.pofile(str(source)).save_as_mofile(str(unfinished))
            unfinished.replace(target)
