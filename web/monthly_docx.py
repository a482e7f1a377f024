"""How does a report become a document of Word?  Laid out as Decree 30/2020 lays out the reports of an office."""

import io
from typing import Any

from babel.numbers import format_decimal
from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from web.monthly import Paragraph, Report, Section, Table

FONT = "Times New Roman"
# A4; margins, indent and sizes are those of the decree's first annex.
PAGE, MARGINS = (Mm(210), Mm(297)), {"top": Mm(20), "bottom": Mm(20), "left": Mm(30), "right": Mm(15)}
BODY, HEAD, SMALL, INDENT = Pt(14), Pt(13), Pt(11), Mm(10)
ROMAN = ("I", "II", "III", "IV", "V", "VI")
MOTTO = {
    "vi": ("Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập - Tự do - Hạnh phúc"),
    "en": ("Socialist Republic of Viet Nam", "Independence - Freedom - Happiness"),
}
NUMBER = {"vi": "Số:          /BC-……", "en": "No:          /BC-……"}
SIGNED = {
    "vi": ("Thủ trưởng đơn vị", "Nơi nhận:", "- Lãnh đạo cơ quan (để báo cáo);\n- Lưu: VT."),
    "en": ("Head of the office", "Sent to:", "- File."),
}
DOTS = "……"


def written(report: Report, year: int, month: int) -> bytes:
    """The file, dated in a month; number, day and names are left for the office to fill in."""
    document = Document()
    prepare(document, report)
    letterhead(document, report, year, month)
    centred(document, report.title.upper(), BODY, bold=True, before=12)
    centred(document, report.about, BODY, bold=True, after=12, rule=True)
    for number, section in enumerate(report.sections):
        add_section(document, ROMAN[number], section, report.language)
    put(document.add_paragraph(), report.made, HEAD, italic=True)
    signature(document, report)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def prepare(document: Any, report: Report) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = PAGE
    for side, width in MARGINS.items():
        setattr(page, f"{side}_margin", width)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, BODY
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), {"vi": "vi-VN"}.get(report.language, "en-GB"))
    style.element.rPr.append(spoken)
    document.core_properties.title = f"{report.title}: {report.about}"
    document.core_properties.author = report.office
    document.core_properties.language = report.language


def letterhead(document: Any, report: Report, year: int, month: int) -> None:
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    widths = (Mm(67), Mm(98))
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    (left, right), (number, day) = (row.cells for row in table.rows)
    lines(left, [(report.above.upper(), False)] * bool(report.above) + [(report.office.upper(), True)])
    country, motto = MOTTO[report.language]
    lines(right, [(country.upper(), True), (motto, True)])
    lines(number, [(NUMBER[report.language], False)], rule=False)
    place = report.place or DOTS
    told = f"{place}, ngày      tháng {month:02} năm {year}" if report.language == "vi" else f"{DOTS} {month:02}/{year}"
    lines(day, [(told, False)], italic=True, rule=False)


def lines(cell: Any, told: list[tuple[str, bool]], italic: bool = False, rule: bool = True) -> None:
    """Centred lines in a cell; a short rule stands under the last."""
    for number, (text, bold) in enumerate(told):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.space_after = Pt(0)
        put(paragraph, text, HEAD, bold, italic)
    if rule:
        underline(paragraph)


def underline(paragraph: Any) -> None:
    """A thin rule below, shorter than the line."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(12)
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def centred(
    document: Any, text: str, size: Any, bold: bool, before: int = 0, after: int = 0, rule: bool = False
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = ALIGN.CENTER
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    put(paragraph, text, size, bold)
    if rule:
        underline(paragraph)


def put(paragraph: Any, text: str, size: Any, bold: bool = False, italic: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold, run.italic = FONT, size, bold, italic


def add_section(document: Any, number: str, section: Section, language: str) -> None:
    heading = document.add_paragraph()
    heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(6)
    heading.paragraph_format.keep_with_next = True
    put(heading, f"{number}. {section.title.upper()}", BODY, bold=True)
    for block in section.blocks:
        if isinstance(block, Paragraph):
            paragraph = document.add_paragraph()
            paragraph.alignment = ALIGN.JUSTIFY
            paragraph.paragraph_format.first_line_indent, paragraph.paragraph_format.space_after = INDENT, Pt(6)
            put(paragraph, block.text, BODY)
        else:
            add_table(document, block, language)


def add_table(document: Any, block: Table, language: str) -> None:
    table = document.add_table(rows=1, cols=len(block.head))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, block.head, strict=True):
        fill(cell, text, ALIGN.CENTER, bold=True)
    for row in block.rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            figure = isinstance(value, int)
            told = format_decimal(value, locale=language) if figure else str(value)
            fill(cell, told, ALIGN.RIGHT if figure else ALIGN.LEFT)
    repeated = OxmlElement("w:tblHeader")  # on every page that the table reaches
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def fill(cell: Any, text: str, alignment: Any, bold: bool = False) -> None:
    cell.paragraphs[0].alignment = alignment
    put(cell.paragraphs[0], text, SMALL, bold)


def signature(document: Any, report: Report) -> None:
    signed, sent, to = SIGNED[report.language]
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    put(left.paragraphs[0], sent, Pt(12), bold=True, italic=True)
    put(left.add_paragraph(), to, SMALL)
    right.paragraphs[0].alignment = ALIGN.CENTER
    put(right.paragraphs[0], signed.upper(), BODY, bold=True)
