"""One description of a document, written as PDF and as DOCX."""

import builtins
import io
from datetime import datetime
from zoneinfo import ZoneInfo

import docx
import pytest
from django.utils import translation
from PIL import Image

from crm.lib.documents import pdf, pictures
from crm.lib.documents.content import Column, Document, Facts, Figure, Grid, Section, Text
from crm.lib.documents.docx import write_docx
from crm.local import printing

needs_pango = pytest.mark.skipif(not printing.is_there(), reason="Pango is not installed")
GRID = Grid(
    [Column("月份"), Column("Sum", is_figure=True)], [["2026-05", "1.00"], ["2026-06", "2"]]
)
DOCUMENT = Document(
    title="龙江水泥 <b>&",
    subtitle="Dossier",
    confidentiality="机密",
    printed_by="王芳",
    printed_at=datetime(2026, 7, 6, 12, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
    facts=[("Code", "C1"), ("Class", "")],
    sections=[
        Section("Archive", [], level=1),
        Section("Bills", [Figure("Income", ["2026-05", "2026-06"], [1, -2]), GRID]),
        Section("Notes", [Text("one\ntwo\x07"), Facts([("A", "B")]), Grid([Column("x")], [], "none")]),
    ],
)  # fmt: skip


def texts(document: Document) -> list[str]:
    """What stands on each laid-out page, margins included."""
    weasyprint = pdf.load_weasyprint()
    pages = weasyprint.HTML(string=pdf.as_html(document)).render().pages
    found = []
    for page in pages:
        boxes, words = [page._page_box], []
        while boxes:
            box = boxes.pop()
            words.append(getattr(box, "text", ""))
            boxes += getattr(box, "children", ())
        found.append(" ".join(words))
    return found


def written(document: Document):
    file = io.BytesIO()
    write_docx(document, file)
    return docx.Document(file)


@needs_pango
def test_a_pdf_carries_text_page_number_printer_and_confidentiality_on_each_page():
    long = Grid([Column("n")], [[f"row {n}"] for n in range(90)])
    sections = [Section("All", [long]), *DOCUMENT.sections]
    pages = texts(Document(**{**vars(DOCUMENT), "sections": sections}))

    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert "机密" in text
        assert f"{number} / {len(pages)}" in text
        assert "Printed by 王芳, 2026-07-06 12:30" in text
    whole = " ".join(pages)
    assert all(text in whole for text in ("龙江水泥 <b>&", "row 89", "2026-06", "none", "Archive"))


@needs_pango
def test_a_pdf_is_a_pdf_with_every_letter_in_a_font(caplog):
    file = io.BytesIO()

    with caplog.at_level("WARNING", logger="weasyprint"):
        pdf.write_pdf(DOCUMENT, file)

    assert file.getvalue().startswith(b"%PDF-")
    assert not [r for r in caplog.records if "notdef" in r.getMessage()], "no Chinese font?"


@needs_pango
@pytest.mark.rule("P33")
@pytest.mark.parametrize("url", ["http://example.com/x.png", "file:///etc/hostname", "//x/y.png"])
def test_a_pdf_fetches_nothing(url, monkeypatch, caplog, tmp_path):
    monkeypatch.setattr(pdf, "as_html", lambda document: f'<p>text</p><img src="{url}">')
    file = io.BytesIO()

    with caplog.at_level("ERROR", logger="weasyprint"):
        pdf.write_pdf(DOCUMENT, file)

    assert any(url in record.getMessage() for record in caplog.records)
    assert b"/Subtype /Image" not in file.getvalue()


def test_what_people_wrote_is_text_not_markup():
    assert "龙江水泥 &lt;b&gt;&amp;" in pdf.as_html(DOCUMENT)


def test_without_pango_there_is_a_sentence_that_helps(monkeypatch):
    real = builtins.__import__

    def missing(name, *args, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)

    with pytest.raises(pdf.PdfUnavailable, match="Pango is missing"):
        pdf.write_pdf(DOCUMENT, io.BytesIO())


def test_a_docx_has_real_headings_tables_pictures_and_margins():
    book = written(DOCUMENT)

    headings = [(p.style.name, p.text) for p in book.paragraphs if p.style.name.startswith("Head")]
    assert headings == [("Heading 1", "Archive"), ("Heading 2", "Bills"), ("Heading 2", "Notes")]
    assert book.paragraphs[0].text == book.core_properties.title == "龙江水泥 <b>&"
    grid = book.tables[1]
    assert [[cell.text for cell in row.cells] for row in grid.rows] == [
        ["月份", "Sum"], ["2026-05", "1.00"], ["2026-06", "2"],
    ]  # fmt: skip
    assert [[cell.text for cell in row.cells] for row in book.tables[0].rows][1] == ["Class", "–"]
    assert "one\ntwo" in [p.text for p in book.paragraphs]
    assert "none" in [p.text for p in book.paragraphs]
    assert len(book.inline_shapes) == 1
    assert book.sections[0].header.paragraphs[0].text == "机密"
    foot = book.sections[0].footer.paragraphs[0]
    assert foot.text.startswith("Printed by 王芳, 2026-07-06 12:30")
    assert "NUMPAGES" in foot._p.xml


def test_documents_speak_the_language_of_who_wants_them():
    with translation.override("zh-hans"):
        assert "打印人：王芳" in pdf.as_html(DOCUMENT)
        assert "打印人" in written(DOCUMENT).sections[0].footer.paragraphs[0].text


def test_a_figure_has_a_bar_for_each_value():
    image = Image.open(io.BytesIO(pictures.draw(Figure("Income", ["a", "b"], [100, -50]))))
    colours = {colour for _, colour in image.getcolors(maxcolors=100_000)}

    assert image.size == (pictures.WIDTH, pictures.HEIGHT)
    assert {(0x0F, 0x5F, 0xB3), (0xB3, 0x26, 0x1E)} <= colours
    assert pictures.draw(Figure("Nothing", [], []))
