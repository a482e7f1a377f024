"""How does a report become a workbook?  A sheet for each section, figures as figures, nothing that is worked out."""

import io
from typing import Any

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Border, Font, Side  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

from web.monthly import Paragraph, Report, Section, Table
from web.sheets import harmless

FONT = "Times New Roman"
EDGE = Side(style="thin")
GRID = Border(left=EDGE, right=EDGE, top=EDGE, bottom=EDGE)
WIDE, NARROW, TITLE = 44, 16, 31  # a sheet's name has 31 characters at most
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def written(report: Report) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for section in report.sections:
        add_sheet(book, report, section)
    book.properties.title = f"{report.title}: {report.about}"
    book.properties.creator = report.office
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def add_sheet(book: Any, report: Report, section: Section) -> None:
    sheet = book.create_sheet(section.title.translate(FORBIDDEN)[:TITLE])
    widest = max((len(block.head) for block in section.blocks if isinstance(block, Table)), default=4)
    line(sheet, widest, report.office.upper(), bold=True)
    line(sheet, widest, f"{report.title.upper()}: {report.about}", bold=True, size=13)
    line(sheet, widest, section.title, bold=True)
    for block in section.blocks:
        if isinstance(block, Paragraph):
            line(sheet, widest, block.text)
        else:
            add_table(sheet, block)
        sheet.append([])
    line(sheet, widest, report.made)
    sheet.column_dimensions["A"].width = WIDE
    for number in range(2, widest + 1):
        sheet.column_dimensions[get_column_letter(number)].width = NARROW
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def line(sheet: Any, widest: int, text: str, bold: bool = False, size: int = 11) -> None:
    """A sentence across all columns, as high as it needs to be."""
    sheet.append([harmless(text)])
    row = sheet.max_row
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=max(widest, 2))
    sheet.cell(row, 1).font = Font(name=FONT, bold=bold, size=size)
    sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    room = WIDE + NARROW * (max(widest, 2) - 1)
    sheet.row_dimensions[row].height = 16 * -(-len(text) // room)


def add_table(sheet: Any, block: Table) -> None:
    for number, row in enumerate((block.head, *block.rows)):
        sheet.append([harmless(each) if isinstance(each, str) else each for each in row])
        for cell in sheet[sheet.max_row][: len(row)]:
            cell.border = GRID
            cell.font = Font(name=FONT, bold=number == 0)
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="center" if number == 0 else None)
