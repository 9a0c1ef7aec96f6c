"""Writes return_costs.xlsx, as a spreadsheet would save it, with nothing but Python's own library.

    python3 policies/marketplace_fees/tables/make_return_costs.py

Change the rows here and run it again; the workbook is what the rulebook reads.
"""

import datetime
import pathlib
import zipfile
from xml.sax.saxutils import escape

HEADER = ["why: Why", "zone: Zone", "weight: number", "from", "until", "|| cost: EUR", "kept: number", "note"]
NEW_YEAR = datetime.date(2026, 1, 1)
CHOICE = "changed_mind, does_not_fit"
FAULT = "defect, wrong_item"

# A number between 0 and 1 in the column `kept` is shown in percent, a day as a day.
ROWS = [
    [CHOICE, "domestic", "<= 2", "_", "_", "3.90 EUR", 0.2, "a small parcel"],
    [CHOICE, "domestic", "> 2", "_", "_", "3.90 EUR + (weight - 2) * 0.50 EUR", 0.2, None],
    [CHOICE, "union", "_", "_", NEW_YEAR, "8.50 EUR + weight * 0.90 EUR", 0.2, None],
    [CHOICE, "union", "_", NEW_YEAR, "_", "8.90 EUR + weight * 0.95 EUR", 0.2, "dearer since 2026"],
    [CHOICE, "overseas", "_", "_", "_", "min(19 EUR + weight * 4 EUR, 60 EUR)", 0.2, "capped"],
    [None] * 8,
    [FAULT, "domestic, union", "_", "_", "_", "4.50 EUR + weight * 0.60 EUR", 1, "the seller's rate"],
    [FAULT, "overseas", "_", "_", "_", "min(19 EUR + weight * 4 EUR, 60 EUR)", 1, "capped"],
    ["damaged_on_the_way", "_", "_", "_", "_", "0 EUR", 0, "the carrier's insurance pays"],
]

PLAIN, PERCENT, DAY = 0, 1, 2
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def cell(value, column, row):
    """One cell, as the format has it; none where it is empty."""
    name = f"{chr(ord('A') + column)}{row}"
    if value is None:
        return ""
    if isinstance(value, datetime.date):
        days = (value - datetime.date(1899, 12, 30)).days
        return f'<c r="{name}" s="{DAY}"><v>{days}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{name}" s="{PERCENT}"><v>{value}</v></c>'
    return f'<c r="{name}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def sheet():
    """The sheet with its header and rows."""
    lines = []
    for row, values in enumerate([HEADER, *ROWS], start=1):
        cells = "".join(cell(value, column, row) for column, value in enumerate(values))
        lines.append(f'<row r="{row}">{cells}</row>')
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def styles():
    """Plain cells, whole percents (format 9), and days (format 14)."""
    formats = "".join(f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0"/>' for number in (0, 9, 14))
    return (
        f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        f'<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        f'<cellXfs count="3">{formats}</cellXfs></styleSheet>'
    )


PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Returns" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": styles(),
    "xl/worksheets/sheet1.xml": sheet(),
}

if __name__ == "__main__":
    target = pathlib.Path(__file__).with_name("return_costs.xlsx")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in PARTS.items():
            # A fixed day, so that the same rows give the same file.
            part = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(part, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}')
