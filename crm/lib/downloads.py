"""Answers that carry bytes which came from somebody: never run, never guessed at, never framed (P33)."""

from typing import Any

from django.http import FileResponse, HttpResponse

# For whoever opens it in the browser all the same: nothing is loaded, nothing runs.
POLICY = "default-src 'none'; sandbox"


def attachment(file: Any, *, name: str, content_type: str) -> FileResponse:
    """A file to be saved, under its name in any script (RFC 5987); no copy stays in the browser."""
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response.headers["Cache-Control"] = "private, no-store"
    return _guarded(response)


def shown_picture(file: Any, *, content_type: str) -> FileResponse:
    """A picture that we made ourselves, to be looked at; asked for anew each time it is shown."""
    response = FileResponse(file, content_type=content_type)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "private, no-cache"
    return _guarded(response)


def _guarded(response: FileResponse) -> FileResponse:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def unchanged() -> HttpResponse:
    """The browser's copy is the one it would get."""
    response = HttpResponse(status=304)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
