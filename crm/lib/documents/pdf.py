"""A document as PDF: a Django template laid out by WeasyPrint.

WeasyPrint needs Pango, a library of the system. Without it the import fails with an OSError, so it
is imported here, when somebody wants a PDF, and said in a sentence that helps.
"""

import base64
from types import ModuleType
from typing import BinaryIO

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from PIL import ImageFile

from crm.lib.documents import pictures
from crm.lib.documents.content import Document, Facts, Figure, Grid, Text, printable
from crm.lib.exceptions import DomainError

KINDS = {Text: "text", Facts: "facts", Grid: "grid", Figure: "figure"}


class PdfUnavailable(DomainError):
    code = "pdf_unavailable"


def write_pdf(document: Document, file: BinaryIO) -> None:
    """PdfUnavailable when the server lacks Pango; docs/operations.md says what to install."""
    weasyprint = load_weasyprint()
    # Nothing comes from the network or the disk: pictures are inside, fonts are the system's.
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    weasyprint.HTML(string=as_html(document), url_fetcher=fetcher).write_pdf(file)


def as_html(document: Document) -> str:
    sections = [
        (section, [(KINDS[type(block)], block, _source(block)) for block in section.blocks])
        for section in document.sections
    ]
    html = render_to_string(
        "documents/document.html",
        {"document": document, "sections": sections, "language": translation.get_language()},
    )
    return printable(html)


def _source(block: object) -> str:
    if not isinstance(block, Figure):
        return ""
    return f"data:image/png;base64,{base64.b64encode(pictures.draw(block)).decode()}"


def load_weasyprint() -> ModuleType:
    """PdfUnavailable without Pango."""
    try:
        import weasyprint  # noqa: PLC0415 -- slow import, and not there without Pango
    except OSError as error:
        raise PdfUnavailable(
            _(
                "The server cannot make PDF files: the library Pango is missing. "
                "Take the Word file, or ask the administrator to install it."
            )
        ) from error
    # Importing it makes Pillow fill up torn pictures in the whole process; uploads are stricter.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint
