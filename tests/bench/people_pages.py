"""Which pages with personal data, and which that only look so, is the screen measured on?  All made up, from a seed."""

# ruff: noqa: E501 - a line of a page stands on one line, however long

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

LAST = "Nguyễn Trần Lê Phạm Hoàng Nông Vi Hứa Lương Lý Chu Triệu Đàm Bế Lộc Vũ Đặng Bùi Hà Phan Đinh Lò Mã Giáp".split()
MEN = "Văn Đức Quang Minh Hữu Công Xuân Thế".split()
WOMEN = "Thị Thu Ngọc Thanh Bích".split()
GIVEN = """An Bình Cường Dũng Đạt Giang Hải Hùng Khánh Lan Mai Nam Oanh Phúc Quyên Sơn Thảo Tuấn Uyên Vân Yến Hòa Thủy
Nghĩa Tâm Kiên Hiếu Loan Diệp""".split()
WARDS = ("phường Tam Thanh", "xã Hoàng Đồng", "phường Chi Lăng", "xã Mai Pha", "thị trấn Đồng Đăng", "xã Tân Thanh")
BANKS = ("Vietcombank", "Agribank chi nhánh Lạng Sơn", "Ngân hàng TMCP Công thương Việt Nam", "BIDV", "MB Bank")
OFFICES = (
    "Sở Xây dựng",
    "Phòng Quản lý đô thị",
    "Trung tâm Hành chính công",
    "Ban Quản lý dự án đầu tư",
    "Chi cục Giám định",
)
COMPANIES = (
    "Công ty TNHH Đá Bạc",
    "Công ty cổ phần Xây dựng Bắc Lộc",
    "Hợp tác xã Sông Kỳ",
    "Công ty TNHH MTV Cát Vàng",
)
FILL = (
    "Sở Xây dựng đã tổ chức hội nghị triển khai nhiệm vụ quý III, có lãnh đạo các phòng và đơn vị trực thuộc dự.",
    "Các địa phương rà soát nhu cầu nhà ở, hoàn thành trước ngày 30/9/2024 theo Kế hoạch số 125/KH-UBND.",
    "Việc nghiệm thu được thực hiện theo Nghị định số 06/2021/NĐ-CP ngày 26/01/2021 của Chính phủ.",
    "Giá vật liệu trên địa bàn ổn định; giá cát xây tăng 2,5% so với tháng trước.",
)


@dataclass(slots=True)
class Page:
    """A page and what is planted in it, by kind; nothing is planted in a decoy."""

    shape: str
    text: str
    planted: list[tuple[str, str]] = field(default_factory=list)


class Maker:
    """Draws names and numbers, and remembers what it planted."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.planted: list[tuple[str, str]] = []

    def one(self, of: Sequence[str]) -> str:
        return self.dice.choice(of)

    def figures(self, count: int) -> str:
        return "".join(self.dice.choice("0123456789") for _ in range(count))

    def name(self) -> str:
        middle = self.one(MEN + WOMEN)
        more = [self.one(GIVEN)] if self.dice.random() < 0.15 else []
        name = " ".join([self.one(LAST), middle, *more, self.one(GIVEN)])
        return name.upper() if self.dice.random() < 0.15 else name

    def plant(self, kind: str, text: str) -> str:
        self.planted.append((kind, text))
        return text

    def card(self) -> str:
        province = self.one(["020", "001", "024", "019", "004", "022", "034", "079"])
        digits = f"{province}{self.dice.choice('01')}{self.dice.randint(50, 99)}{self.figures(6)}"
        shape = self.dice.random()
        spaced = f"{digits[:3]} {digits[3:6]} {digits[6:9]} {digits[9:]}" if shape < 0.15 else digits
        return self.plant("id", spaced)

    def old_card(self) -> str:
        digits = self.one(["08", "01", "09", "12"]) + self.figures(7)
        return self.plant("id", f"{digits[:3]} {digits[3:6]} {digits[6:]}" if self.dice.random() < 0.2 else digits)

    def mobile(self) -> str:
        digits = "0" + self.one(["91", "98", "97", "35", "38", "86", "70", "77", "56", "94"]) + self.figures(7)
        shapes: list[Callable[[str], str]] = [
            lambda d: d, lambda d: f"{d[:4]} {d[4:7]} {d[7:]}", lambda d: f"{d[:4]}.{d[4:7]}.{d[7:]}",
            lambda d: f"{d[:3]} {d[3:6]} {d[6:]}", lambda d: f"{d[:3]}-{d[3:6]}-{d[6:]}", lambda d: f"+84 {d[1:4]} {d[4:7]} {d[7:]}",
            lambda d: f"{d[:4]} {d[4:6]} {d[6:8]} {d[8:]}", lambda d: f"84{d[1:]}",
        ]  # fmt: skip
        return self.plant("phone", self.dice.choice(shapes)(digits))

    def account(self) -> str:
        digits = self.figures(self.dice.choice([9, 10, 12, 13, 14]))
        return self.plant("account", digits)

    def day(self) -> str:
        return f"{self.dice.randint(1, 28):02}/{self.dice.randint(1, 12):02}/{self.dice.randint(1948, 2004)}"

    def birth(self) -> str:
        day = self.day()
        shape = self.dice.random()
        numbers = day.split("/")
        if shape < 0.15:
            day = f"{int(numbers[0])} tháng {int(numbers[1])} năm {numbers[2]}"
        elif shape < 0.3:
            day = f"{numbers[0]}-{numbers[1]}-{numbers[2]}"
        return self.plant("birth", day)

    def page(self, shape: str, lines: Sequence[str]) -> Page:
        body = [self.one(FILL), *lines, self.one(FILL)]
        planted, self.planted = self.planted, []
        return Page(shape, "\n".join(body), planted)


# Pages with personal data


def beneficiaries(m: Maker) -> Page:
    head = m.one(
        ["STT | Họ và tên | Năm sinh | Số CCCD | Nơi ở", "TT | Họ tên người được thuê | Năm sinh | CCCD/CMND | Địa chỉ"]
    )
    many, old = m.dice.randint(5, 30), m.dice.random() < 0.3
    rows = [
        f"{at} | {m.name()} | {m.dice.randint(1948, 2003)} | {m.old_card() if old else m.card()} | {m.one(WARDS)}"
        for at in range(1, many + 1)
    ]
    return m.page("table with cells", ["DANH SÁCH NGƯỜI ĐƯỢC THUÊ NHÀ Ở XÃ HỘI", head, *rows])


def printed(m: Maker) -> Page:
    rows = [
        f"{at} {m.name()} {m.day()} {m.card()} {m.mobile()} {m.one(WARDS)}" for at in range(1, m.dice.randint(6, 25))
    ]
    return m.page("table of a PDF", ["STT Họ và tên Ngày sinh Số định danh Điện thoại Nơi ở", *rows])


def upright(m: Maker) -> Page:
    rows = [
        part
        for at in range(1, m.dice.randint(7, 20))
        for part in (str(at), m.name(), m.birth_in_list(), m.card(), m.one(WARDS))
    ]
    return m.page("table with a line for each cell", ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Nơi ở", *rows])


def exam(m: Maker) -> Page:
    rows = [
        f"{at:03} | {m.name()} | {m.birth_in_list()} | {m.one(COMPANIES)} | {m.dice.randint(15, 25)} | Đạt"
        for at in range(1, m.dice.randint(6, 40))
    ]
    return m.page("exam list", ["SBD | Họ và tên | Ngày sinh | Đơn vị | Điểm | Kết quả", *rows])


def land(m: Maker) -> Page:
    one = (
        f"Giao {m.dice.randint(80, 400)} m2 đất ở tại thửa số {m.dice.randint(1, 300)}, tờ bản đồ số {m.dice.randint(1, 60)}, cho hộ ông "
        f"{m.name()} (sinh năm {m.dice.randint(1948, 1990)}, {m.one(['CMND số', 'số CMND:', 'Giấy CMND số', 'chứng minh nhân dân số'])} "
        f"{m.old_card()} do Công an tỉnh cấp ngày 12/3/2008), địa chỉ thường trú: {m.one(WARDS)}."
    )
    two = f"Thu hồi đất của bà {m.name()}, {m.one(['số CCCD', 'căn cước công dân số', 'CCCD:', 'thẻ căn cước số'])} {m.card()}, và chồng là ông {m.name()}."
    return m.page("decision on land", [f"QUYẾT ĐỊNH số {m.dice.randint(100, 3000)}/QĐ-UBND", one, two])


def complaint(m: Maker) -> Page:
    line = f"{m.one(['Ông', 'Bà', 'Anh'])} {m.name()}, {m.one(['sinh ngày', 'ngày sinh', 'sinh ngày:'])} {m.birth()}, {m.one(['trú tại', 'thường trú tại'])} {m.one(WARDS)}, có đơn đề nghị."
    return m.page("birth beside a name", [line])


def form(m: Maker) -> Page:
    lines = [
        f"Họ và tên: {m.name()}", f"Ngày sinh: {m.birth()}", f"Số {m.one(['CCCD', 'CMND/CCCD', 'định danh cá nhân'])}: {m.card()}",
        f"{m.one(['Số điện thoại', 'Điện thoại', 'ĐT', 'SĐT'])}: {m.mobile()}", f"Địa chỉ: {m.one(WARDS)}",
    ]  # fmt: skip
    return m.page("form that was filled in", lines)


def gift(m: Maker) -> Page:
    line = m.one(
        [
            f"Mọi sự giúp đỡ xin gửi về số tài khoản {m.account()}, {m.one(BANKS)}, chủ tài khoản: {m.name()}.",
            f"STK: {m.account()} - {m.one(BANKS)} - {m.name()}",
            f"Chị {m.name()}, tài khoản số {m.account()} tại {m.one(BANKS)}.",
        ]
    )
    m.planted = [each for each in m.planted if each[1] in line]
    return m.page("account of a person", [line])


def caller(m: Maker) -> Page:
    line = m.one(
        [
            f"Chi tiết xin liên hệ {m.one(['bà', 'ông', 'anh', 'chị'])} {m.name()}, {m.one(['SĐT', 'điện thoại', 'số điện thoại', 'ĐT'])} {m.mobile()}.",
            f"Đ/c {m.name()} - {m.mobile()}",
            f"Chủ hộ {m.name()} (số điện thoại {m.mobile()}) phản hồi với phóng viên.",
        ]
    )
    m.planted = [each for each in m.planted if each[1] in line]
    return m.page("telephone of a person", [line])


def holders(m: Maker) -> Page:
    rows = [
        f"{at} | {m.name()} | {m.birth_in_list()} | {m.card()} | Kỹ sư xây dựng | Giám sát hạng {m.one(['II', 'III'])}"
        for at in range(1, m.dice.randint(6, 30))
    ]
    head = "TT | Họ và tên | Ngày, tháng, năm sinh | Số CMND/CCCD | Trình độ | Lĩnh vực"
    return m.page("holders of certificates", [head, *rows])


def english(m: Maker) -> Page:
    name = m.one(["Nguyen Thi Hoa", "Tran Van Minh", "Le Thu Ha", "Pham Duc Anh"])
    lines = [
        f"{m.one(['Ms', 'Mr'])} {name}, date of birth {m.birth()}, passport {m.plant('id', 'C' + m.figures(7))}, phone {m.mobile()}."
    ]
    return m.page("in English", lines)


def mail(m: Maker) -> Page:
    address = m.one(["lan", "tuan.hx", "nguyen_hoa", "minh85"]) + m.figures(2) + m.one(["@gmail.com", "@yahoo.com.vn"])
    return m.page(
        "e-mail of a person", [f"Ý kiến gửi {m.one(['bà', 'ông'])} {m.name()}, email: {m.plant('email', address)}"]
    )


def short_names(m: Maker) -> Page:
    names = "Giàng A Páo|Triệu Mùi Nảy|Hứa Lan|Lê Nam|Vàng Thị Mỷ|Lò Văn Ế|Bế Ích|Sùng Seo Vần|Mã Lình|Nông Đức".split(
        "|"
    )
    rows = [f"{at} | {m.one(names)} | {m.birth_in_list()} | {m.card()} | {m.one(WARDS)}" for at in range(1, 12)]
    return m.page("short and rare names", ["TT | Họ và tên | Ngày sinh | CCCD | Nơi ở", *rows])


def given_only(m: Maker) -> Page:
    line = m.one(
        [
            f"Hồ sơ nộp tại Phòng Hành chính (gặp {m.one(['chị', 'cô'])} {m.one(GIVEN)}: {m.mobile()}).",
            f"Mọi thắc mắc gọi {m.mobile()} ({m.one(['anh', 'ông'])} {m.one(GIVEN)}).",
            f"Zalo {m.mobile()} hoặc nhắn cho {m.one(['anh', 'chị'])} {m.one(GIVEN)}.",
        ]
    )
    m.planted = [each for each in m.planted if each[1] in line]
    return m.page("telephone beside a given name", [line])


def broken(m: Maker) -> Page:
    card = m.card().replace(" ", "")
    m.planted = [("id", f"{card[:4]} {card[4:8]} {card[8:]}")]
    lines = [
        f"Trường hợp người nộp đơn có số căn cước công dân : {m.planted[0][1]} chưa được xác nhận.",
        f"Giấy CMND sổ {m.old_card()} cấp tại Công an tỉnh; hộ chiếu số {m.plant('id', 'B' + m.figures(7))}.",
        f"Bà {m.name()}\nSinh ngày : {m.plant('birth', m.day().replace('/', ' / '))}",
    ]
    return m.page("badly typed", lines)


# Pages that only look so


def adverts(m: Maker) -> Page:
    phone = "09" + m.figures(8)
    line = m.one([
        f"Nhà hàng Sông Thương, đặt bàn: {phone}", f"Vé xe Hải Âu tuyến Lạng Sơn - Hà Nội: {phone}",
        f"Vui lòng đăng ký tham gia casting hoặc liên hệ {phone} để được hướng dẫn chi tiết.",
        f"{m.one(COMPANIES)}, giám đốc ông {m.name()}, điện thoại 0205 3 {m.figures(3)} {m.figures(3)}",
    ])  # fmt: skip
    return m.page("advertisements", [line])


def more_codes(m: Maker) -> Page:
    lines = [
        f"DOI 10.1000/{m.figures(9)}; số thẻ hội viên {m.figures(12)}; kết quả xổ số {m.figures(6)} - {m.figures(6)}",
        f"Dãy số {m.figures(4)} {m.figures(4)} {m.figures(4)} trên thiết bị; số khung RL{m.figures(9)}; số máy {m.figures(10)}",
        f"Công văn số {m.figures(4)}/SXD-QLN ngày {m.day()} gửi ông {m.name()}, Chủ tịch UBND huyện.",
    ]
    return m.page("further codes", lines)


def office(m: Maker) -> Page:
    lines = [
        m.one(OFFICES), f"Địa chỉ: số {m.dice.randint(1, 200)} đường Hùng Vương, {m.one(WARDS)}",
        f"Điện thoại: {m.one(['0205', '(0205)', '02053'])}{m.one([' ', '.'])}{m.figures(3)}.{m.figures(4)} - Fax: 0205.{m.figures(3)}.{m.figures(3)}",
        f"Email: {m.one(['soxd', 'vanphong'])}@{m.one(['langson.gov.vn', 'gmail.com'])}", "Website: http://soxd.example.gov.vn",
    ]  # fmt: skip
    return m.page("contact of an office", lines)


def hotline(m: Maker) -> Page:
    phone = "09" + m.figures(8)
    line = m.one([
        f"Đường dây nóng của {m.one(OFFICES)}: {phone}", f"Hotline: {phone[:4]} {phone[4:7]} {phone[7:]} (24/24 giờ)",
        f"Tổng đài 1900 {m.figures(4)} hoặc 1800{m.figures(4)}", f"Số điện thoại tiếp nhận phản ánh, kiến nghị: {phone}",
        f"{m.one(OFFICES)}, điện thoại {phone}, tiếp nhận hồ sơ trong giờ hành chính.", f"{m.one(COMPANIES)}. Điện thoại: {phone}",
    ])  # fmt: skip
    return m.page("hotline", [line])


def signed(m: Maker) -> Page:
    rows = [
        f"{m.dice.randint(1, 3000)}/QĐ-UBND | {m.day()} | Về việc phê duyệt quy hoạch khu {m.one(GIVEN)} | {m.name()}"
        for _ in range(m.dice.randint(5, 20))
    ]
    return m.page("documents with signers", ["Số ký hiệu | Ngày ban hành | Trích yếu | Người ký", *rows])


def money(m: Maker) -> Page:
    rows = [
        f"{at} | Hạng mục {at} | {m.dice.randint(100, 999)}.{m.figures(3)}.{m.figures(3)} | {m.figures(9)} | {m.dice.randint(1, 9)},{m.figures(2)}"
        for at in range(1, 15)
    ]
    tail = f"Tổng mức đầu tư: {m.dice.randint(100, 999)}.{m.figures(3)}.{m.figures(3)} đồng; dự phòng {m.figures(12)} đồng."
    return m.page("money", ["TT | Nội dung | Dự toán | Quyết toán | Tỷ lệ", *rows, tail])


def codes(m: Maker) -> Page:
    lines = [
        f"Mã dự án: {m.figures(9)}; mã hồ sơ: 000.00.19.H37-{m.figures(6)}-{m.figures(4)}; số TBMT: IB24000{m.figures(5)}",
        f"Mã số thuế: 0{m.one(['3', '5', '9'])}{m.figures(8)}; mã số thuế chi nhánh {m.figures(10)}-001; mã QHNS {m.figures(7)}",
        f"Giấy phép số {m.figures(9)}; số seri {m.figures(12)}; mã vạch 893{m.figures(10)}; ISBN 978-604-{m.figures(2)}-{m.figures(4)}-{m.figures(1)}",
        f"Tọa độ: X = 24{m.figures(5)}.{m.figures(2)}, Y = 4{m.figures(5)}.{m.figures(2)}; 21.{m.figures(6)}, 106.{m.figures(6)}",
    ]
    return m.page("codes and coordinates", lines)


def treasury(m: Maker) -> Page:
    line = m.one([
        f"Số tài khoản: 3751.0.{m.figures(7)} tại Kho bạc Nhà nước tỉnh", f"{m.one(COMPANIES)}, tài khoản số {m.figures(12)} tại {m.one(BANKS)}",
        f"Ủng hộ Quỹ Vì người nghèo, số tài khoản {m.figures(13)} tại {m.one(BANKS)}",
        f"Bên mời thầu: {m.one(OFFICES)}, STK {m.figures(12)}, {m.one(BANKS)}",
    ])  # fmt: skip
    return m.page("account of an office", [line])


def reception(m: Maker) -> Page:
    rows = [
        f"{m.dice.randint(1, 28):02}/{m.dice.randint(1, 12):02}/2024 | {m.name()} | Phó Giám đốc | Phòng tiếp công dân"
        for _ in range(8)
    ]
    return m.page("days of reception", ["Ngày | Lãnh đạo tiếp | Chức vụ | Địa điểm", *rows])


def leaders(m: Maker) -> Page:
    rows = [
        f"{at}. Đồng chí {m.name()}, {m.one(['Giám đốc', 'Phó Giám đốc', 'Chánh Văn phòng'])}" for at in range(1, 9)
    ]
    return m.page("people in office", ["Dự hội nghị có các đồng chí:", *rows])


def firms(m: Maker) -> Page:
    rows = [
        f"{at} | {m.one(COMPANIES)} | 4900{m.figures(6)} | {m.name()} | {m.one(WARDS)} | Hạng III"
        for at in range(1, 12)
    ]
    return m.page(
        "companies with directors", ["TT | Tên tổ chức | Mã số thuế | Người đại diện | Địa chỉ | Hạng", *rows]
    )


def streets(m: Maker) -> Page:
    rows = [
        f"{at} | đường {m.name()} | {m.dice.randint(100, 999)} m | {m.dice.randint(1990, 2010)}" for at in range(1, 12)
    ]
    return m.page("streets named after people", ["TT | Tên đường | Chiều dài | Năm đặt tên", *rows])


def past(m: Maker) -> Page:
    return m.page(
        "people of the past",
        [
            f"Nhà cách mạng {m.name()}, sinh ngày {m.dice.randint(1, 28)}/{m.dice.randint(1, 12)}/{m.dice.randint(1870, 1912)}, hy sinh năm 1944."
        ],
    )


def meeting(m: Maker) -> Page:
    rows = [
        f"Ngày {m.dice.randint(1, 28)}/{m.dice.randint(1, 12)}/2023, ông {m.name()}, Phó Giám đốc, kiểm tra công trình."
        for _ in range(6)
    ]
    return m.page("news with names and days", rows)


def in_list(self: Maker) -> str:
    return self.plant("birth", self.day())


Maker.birth_in_list = in_list  # type: ignore[attr-defined]
WITH = (
    beneficiaries,
    printed,
    upright,
    exam,
    land,
    complaint,
    form,
    gift,
    caller,
    holders,
    english,
    mail,
    short_names,
    given_only,
    broken,
)
WITHOUT = (
    office,
    hotline,
    signed,
    money,
    codes,
    treasury,
    reception,
    leaders,
    firms,
    streets,
    past,
    meeting,
    adverts,
    more_codes,
)


def pages(seed: int, many: int, of: Sequence[Callable[[Maker], Page]]) -> list[Page]:
    """So many pages, each shape in turn."""
    maker = Maker(seed)
    return [of[at % len(of)](maker) for at in range(many)]
