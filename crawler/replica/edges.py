"""What articles stand at the edge of what editors write?  One page each: odd letters, odd markup, odd sizes (pure)."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from crawler.replica import pdf
from crawler.replica.content import Site
from crawler.replica.letters import FACES, windows_1258
from crawler.replica.pages import Answer, Asked, html, picture
from indexer.clock import VIETNAM

HOST = "edges.replica.test"
Spell = Callable[[str], str]
TONE = re.compile("([\u0300\u0301\u0303\u0309\u0323])")


def half_apart(text: str) -> str:
    """The hat in the letter, the tone behind it."""
    return windows_1258(text).decode("windows-1258")


def blanks_before_tones(text: str) -> str:
    """As text from Word and PDF comes, where a single letter follows the tone: `nga ̀ y`."""
    return re.sub(TONE.pattern + r"(?=[a-z](?!\w))", r" \1 ", half_apart(text))


def in_face(face: str) -> Spell:
    return lambda text: "".join(FACES[face].get(each, each) for each in text)


def read_in_windows_1252(text: str) -> str:
    """UTF-8 that an import once took for Windows-1252."""
    codes = (bytes([code]) for code in text.encode())
    return "".join(code.decode("windows-1252" if code not in b"\x81\x8d\x8f\x90\x9d" else "latin-1") for code in codes)


def escaped_twice(text: str) -> str:
    return "".join(each if each.isascii() else f"&amp;#{ord(each)};" for each in text)


def sown(text: str) -> str:
    """Soft hyphens, blanks without width and such that do not break."""
    return text.replace(" và ", "\u00a0và\u00a0").replace("hoạch", "ho\u00adạch").replace("xây ", "xây\u200b ")


@dataclass(frozen=True, slots=True)
class Edge:
    """One article: what its page shows, and what is meant by it."""

    number: int
    name: str
    title: str
    text: tuple[str, ...] = ()  # its paragraphs, lead first; those of every article where none are told
    markup: str = ""  # of the text, where that is not a row of paragraphs
    author: str = "Lâm Thu Vân - Văn phòng Sở"
    captions: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    spell: Spell = str
    face: str = ""
    charset: str = "utf-8"  # as the page's label says
    encode: Callable[[str], bytes] = str.encode
    before: str = ""  # on the page, before everything else
    head: bool = True  # does the page show its title as a heading?

    @property
    def meant(self) -> tuple[str, ...]:
        return self.text if self.text or self.markup else usual(self.number)

    @property
    def day(self) -> str:
        return f"{self.number:02}/03/2024"

    @property
    def heading(self) -> str:
        return f"<h1>{self.spelled(self.title)}</h1>" if self.head else ""

    @property
    def content(self) -> str:
        signed = f'<p align="right"><b>{self.spelled(self.author)}</b></p>' if self.author else ""
        rows = "".join(f"<p>{self.spelled(each)}</p>" for each in self.meant)
        return (self.markup or rows) + signed

    def spelled(self, text: str) -> str:
        told = self.spell(text)
        return f'<font face="{self.face}">{told}</font>' if self.face and text != self.title else told


def usual(number: int) -> tuple[str, ...]:
    """A lead and three paragraphs, unlike those of any other article."""
    return (
        f"Sáng ngày {number} tháng 3, Sở Xây dựng làm việc với tổ công tác số {number} về quy hoạch và nhà ở xã hội.",
        f"Tổ công tác đã kiểm tra {number + 40} hồ sơ, trong đó {number + 31} hồ sơ đủ điều kiện cấp phép.",
        f"Các đại biểu đề nghị tỉnh uỷ, ủy ban nhân dân huyện tháo gỡ {number + 2} vướng mắc về giải phóng mặt bằng.",
        f"Kết luận, lãnh đạo Sở giao các phòng hoàn thành báo cáo và kế hoạch xây dựng trước ngày {number} hằng tháng.",
    )


def boxes(number: int) -> str:
    """Paragraphs in boxes, without a single paragraph's tag."""
    return "".join(f"<div><span>{escape(each)}</span></div>" for each in usual(number))


ROWS = tuple(f"{row} | Xi măng PCB{row} | tấn | 1.{row:03}.000" for row in range(1, 241))
TABLE = "".join(f"<tr><td>{row.replace(' | ', '</td><td>')}</td></tr>" for row in ROWS)
GALLERY = ("Toàn cảnh lễ khởi công khu nhà ở", "Đại biểu cắt băng khánh thành cầu", "Công nhân lắp dựng dầm thép")
SHOWN = "".join(f'<figure><img src="/anh-{n}.png" alt="{n}"><figcaption>{each}</figcaption></figure>'
                for n, each in enumerate(GALLERY, 1))  # fmt: skip
VIDEO = "Phóng sự dài mười phút ghi lại một ngày làm việc của đội kiểm tra trật tự xây dựng."
NUMBERS = (
    "Căn cứ Quyết định số 788/QĐ–UBND, số 12/QĐ - UBND và số 1.250/QĐ‑UBND của ủy ban nhân dân tỉnh về giao kế hoạch.",
    "Sở Xây dựng ban hành văn bản số 1637/SXD−ĐKHĐ hướng dẫn các huyện thực hiện Thông tư số 13/2019/TT—BXD.",
)
LONG = f'<input type="hidden" value="{"dDwt" * 130_000}"><img src="data:image/png;base64,{"iVBO" * 130_000}" alt="1">'
MENU = '<nav><h1 class="hidden">Thực đơn</h1><ul><li><a href="/">Trang chủ</a></li></ul></nav>'

EDGES = (
    Edge(1, "nfd", "Kiểm tra quy hoạch phân khu phía nam", spell=lambda text: unicodedata.normalize("NFD", text)),
    Edge(2, "nua-to-hop", "Thẩm định thiết kế trường mầm non", spell=half_apart),
    Edge(
        3, "dau-roi", "Thông báo lịch họp giao ban", spell=blanks_before_tones, author="",
        text=("Ngày họp cũng là ngày các phòng nộp báo cáo tuần về quản lý nhà ở.",
              "Các đơn vị gửi tài liệu về văn phòng trước ngày họp hai ngày làm việc."),
    ),
    Edge(4, "tcvn3", "Tập huấn quản lý chất lượng công trình", spell=in_face(".VnTime"), face=".VnTime"),
    Edge(5, "vni", "Công bố giá vật liệu xây dựng tháng ba", spell=in_face("VNI-Times"), face="VNI-Times"),
    Edge(6, "cp1258", "Rà soát quỹ đất làm nhà ở xã hội", charset="windows-1258", encode=windows_1258),
    Edge(7, "nhan-latin", "Khởi công đường nối hai khu đô thị", charset="iso-8859-1"),
    Edge(8, "mojibake", "Nghiệm thu hệ thống thoát nước thị trấn", spell=read_in_windows_1252),
    Edge(9, "thuc-the", "Tiếp nhận hồ sơ cấp giấy phép qua mạng", spell=escaped_twice),
    Edge(10, "ky-tu-an", "Điều chỉnh quy hoạch và đơn giá xây dựng", spell=sown),
    Edge(11, "chu-hoa", "SỞ XÂY DỰNG TỔNG KẾT PHONG TRÀO THI ĐUA", text=tuple(each.upper() for each in usual(11))),
    Edge(12, "hoa-cu", "Xã Hòa Bình đạt chuẩn nông thôn mới",
         text=("Xã Hòa Bình có 12 thôn hoàn thành tiêu chí về nhà ở.", *usual(12)[1:])),
    Edge(13, "hoa-moi", "Xã Hoà Bình đón bằng công nhận nông thôn mới",
         text=("Xã Hoà Bình có 13 thôn hoàn thành tiêu chí về thuỷ lợi.", *usual(13)[1:])),
    Edge(14, "so-hieu", "Triển khai các quyết định về kế hoạch đầu tư", text=NUMBERS),
    Edge(15, "bang-dai", "Bảng giá vật liệu xây dựng toàn tỉnh quý một", author="",
         text=(usual(15)[0], *ROWS), markup=f"<p>{usual(15)[0]}</p><table border=1>{TABLE}</table>"),
    Edge(16, "chum-anh", "Chùm ảnh về các công trình trọng điểm", markup=SHOWN, captions=GALLERY, author=""),
    Edge(17, "phong-su", "Phóng sự về đội kiểm tra trật tự xây dựng", author="", text=(VIDEO,),
         markup=f'<video src="/phim.mp4" controls>Trình duyệt không hỗ trợ phim.</video><p>{VIDEO}</p>'),
    Edge(18, "chi-co-tep", "Công khai dự toán ngân sách năm của Sở", author="", files=("Dự toán ngân sách năm",),
         markup='<p><a href="/tep/du-toan.pdf">Dự toán ngân sách năm</a></p>'),
    Edge(19, "rong", "Thông báo đang được cập nhật nội dung", author="", markup="<p>&nbsp;</p>"),
    Edge(20, "khong-doan", "Đối thoại với doanh nghiệp ngành xây dựng", text=usual(20), markup=boxes(20)),
    Edge(21, "dan-lap-lai", "Sơ kết ba năm thực hiện đề án chiếu sáng", text=usual(21),
         markup=f'<div class="sapo">{usual(21)[0]}</div>' + "".join(f"<p>{each}</p>" for each in usual(21))),
    Edge(22, "mot-mb", "Đánh giá năng lực nhà thầu tư vấn giám sát", before=LONG),
    Edge(23, "hai-h1", "Bàn giao hồ sơ giữa hai trung tâm quy hoạch", before="<h1>Sở Xây dựng tỉnh Lạng Sơn</h1>"),
    Edge(24, "thuc-don", "Lấy ý kiến về đồ án quy hoạch chi tiết", before=MENU),
    Edge(25, "khong-tieu-de", "Phân công trực lãnh đạo trong kỳ nghỉ lễ", head=False),
)  # fmt: skip


def answer(site: Site, asked: Asked) -> Answer:
    """The page at a path; the articles of the site itself are not shown here."""
    if asked.path == "/":
        return html("edges/list.html", 200, "list", None, edges=EDGES)
    if re.fullmatch(r"/anh-\d\.png", asked.path):
        return picture(int(asked.path[5]))
    if asked.path == "/tep/du-toan.pdf":
        return Answer(200, "application/pdf", pdf.make(("Dự toán ngân sách năm",)), "du-toan")
    found = [each for each in EDGES if asked.path == f"/{each.name}-{each.number}.html"]
    return shown(found[0], asked) if found else Answer(404, "text/html", b"<title>404</title>")


def shown(edge: Edge, asked: Asked) -> Answer:
    others = [each for each in EDGES if abs(each.number - edge.number) in (1, 2)]
    clock = f"{asked.moment.now.astimezone(VIETNAM):%H:%M:%S, %d/%m/%Y}"
    page = html("edges/page.html", 200, edge.name, None, edge=edge, others=others, charset=edge.charset, clock=clock)
    return page._replace(body=edge.encode(page.body.decode()), media_type=f"text/html; charset={edge.charset}")
