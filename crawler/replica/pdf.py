"""How is a PDF made of text lines?  The smallest one from which programs read Vietnamese back.

It holds no font, so a viewer draws only the letters that its own stand-in for the font has.
"""

from collections.abc import Sequence

LINES_PER_PAGE = 40
# Every character is its own code; the map below tells programs so. Blocks of one map hold a hundred ranges at most.
RANGES = [f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(256)]
BLOCKS = [RANGES[start : start + 100] for start in range(0, 256, 100)]
TO_UNICODE = "\n".join(
    [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CMapName /Plain def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
        *(f"{len(block)} beginbfrange\n" + "\n".join(block) + "\nendbfrange" for block in BLOCKS),
        "endcmap end end",
    ]
)


def make(lines: Sequence[str]) -> bytes:
    """A PDF of A4 pages with these lines."""
    pages = [lines[start : start + LINES_PER_PAGE] for start in range(0, len(lines), LINES_PER_PAGE)] or [[]]
    first = 6  # objects 1 to 5 are the catalogue, the page tree, the font and its parts
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Arial /Encoding /Identity-H "
        b"/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Arial /DW 500 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        b"/FontDescriptor << /Type /FontDescriptor /FontName /Arial /Flags 32 /FontBBox [0 -200 1000 900] "
        b"/ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >> >>",
        stream(TO_UNICODE.encode()),
    ]
    for number, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> "
            f"/Contents {first + 2 * number + 1} 0 R >>".encode()
        )
        objects.append(stream(drawn(page)))
    return assembled(objects)


def drawn(lines: Sequence[str]) -> bytes:
    shown = [f"<{line.encode('utf-16-be').hex()}> Tj 0 -18 Td" for line in lines]
    return ("BT /F 11 Tf 50 790 Td " + "\n".join(shown) + " ET").encode()


def stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def assembled(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
