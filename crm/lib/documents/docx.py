"""A document as DOCX, with real headings and tables, so that people can go on writing in it."""

import io
from typing import Any, BinaryIO

import docx
from django.utils.translation import gettext as _
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from crm.lib.documents import pictures
from crm.lib.documents.content import Document, Facts, Figure, Grid, Section, Text, printable

LATIN, CHINESE = "Arial", "Microsoft YaHei"
QUIET = RGBColor(0x5A, 0x66, 0x74)
WIDTH = Mm(170)


def write_docx(document: Document, file: BinaryIO) -> None:
    book = docx.Document()
    _page(book)
    _fonts(book)
    book.core_properties.title = printable(document.title)
    book.core_properties.author = printable(document.printed_by)
    book.add_heading(printable(document.title), 0)
    _quiet(book, document.subtitle)
    if document.facts:
        _facts(book, Facts(document.facts))
    for section in document.sections:
        _section(book, section)
    _margins(book, document)
    book.save(file)


def _page(book: Any) -> None:
    sheet = book.sections[0]
    sheet.page_width, sheet.page_height = Mm(210), Mm(297)
    sheet.left_margin = sheet.right_margin = Mm(20)
    sheet.top_margin = sheet.bottom_margin = Mm(20)


def _fonts(book: Any) -> None:
    """Each style names a Chinese font, or Word falls back to one per letter."""
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Header", "Footer"):
        style = book.styles[name]
        style.font.name = LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), CHINESE)
    book.styles["Normal"].font.size = Pt(10)


def _section(book: Any, section: Section) -> None:
    book.add_heading(printable(section.title), section.level)
    for block in section.blocks:
        match block:
            case Text():
                (_quiet if block.is_quiet else _plain)(book, block.text)
            case Facts():
                _facts(book, block)
            case Grid():
                _grid(book, block)
            case Figure():
                _plain(book, block.title)
                book.add_picture(io.BytesIO(pictures.draw(block)), width=WIDTH)


def _plain(book: Any, text: str) -> Any:
    return book.add_paragraph(printable(text))


def _quiet(book: Any, text: str) -> None:
    for run in _plain(book, text).runs:
        run.font.color.rgb = QUIET


def _facts(book: Any, facts: Facts) -> None:
    table = book.add_table(rows=0, cols=2, style="Table Grid")
    for label, value in facts.pairs:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = printable(label), printable(value) or "–"
        cells[0].paragraphs[0].runs[0].bold = True
        cells[0].width, cells[1].width = Mm(50), Mm(120)
    book.add_paragraph()


def _grid(book: Any, grid: Grid) -> None:
    if not grid.rows:
        _quiet(book, grid.empty)
        return
    table = book.add_table(rows=1, cols=len(grid.columns), style="Light Grid Accent 1")
    _repeat(table.rows[0])
    for row, texts in enumerate([[column.label for column in grid.columns], *grid.rows]):
        cells = table.rows[0].cells if row == 0 else table.add_row().cells
        for cell, column, text in zip(cells, grid.columns, texts, strict=True):
            cell.text = printable(text)
            if column.is_figure:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if grid.note:
        _quiet(book, grid.note)
    book.add_paragraph()


def _repeat(row: Any) -> None:
    """The header again on each page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 -- python-docx offers no other way


def _margins(book: Any, document: Document) -> None:
    """Confidentiality above, who and when and the page number below."""
    sheet = book.sections[0]
    sheet.header.paragraphs[0].text = printable(document.confidentiality)
    foot = sheet.footer.paragraphs[0]
    printed = _("Printed by %(person)s, %(when)s") % {
        "person": document.printed_by,
        "when": f"{document.printed_at:%Y-%m-%d %H:%M}",
    }
    foot.add_run(f"{printable(printed)}    ")
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")


def _field(paragraph: Any, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)  # noqa: SLF001 -- as above
