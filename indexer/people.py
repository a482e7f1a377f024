"""Is this the name of a person?  By the family names that nearly everybody in Vietnam bears (pure)."""

import re

FAMILIES = """
Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Đoàn Trịnh Mai Trương Lâm Cao Phùng Vương Tạ
Hà Đào Thái Tô Quách Lương Châu Kiều Tống Tăng Thân Khổng Nghiêm Chu Lưu Nông Lường Lò Vi Vy Hứa Triệu Lộc Mã Đàm La Bế
Linh Lục Giáp Bàn Ma Âu Sầm Giàng Sùng Vàng Thào Hầu Lã Nhữ Dư Chử Phó Tòng Quàng Cà Điêu Cầm Bạc Liễu Luân Mạc Mông
Ninh Phí Phương Quan Thạch Thạc Thẩm Tiêu Trang Từ Ung Uông Văn Viên Doãn Đậu Đồng Hán Hạ Hàn Khương Khuất Lại Lữ Lỗ
Tào Trà Trình Đường Hoa Hoành Chung Chương Cù Công Giang Kim Lều Vòng Chíu Dương Đổng Phụng Tằng Tẩn Chảo Lèng Hảng Xa
""".split()
PLAIN = "Nguyen Tran Pham Hoang Huynh Phan Dang Bui Duong Nong Trinh Truong Dinh Doan Luong Trieu Le Vu Vo Ngo".split()
UPPER = "".join(
    letter
    for start, end in ((0x41, 0x5B), (0xC0, 0x250), (0x1E00, 0x1F00))
    for letter in map(chr, range(start, end))
    if letter.isupper()
)
PERSON = re.compile(
    r"(?<![\w])(?P<family>"
    + "|".join(sorted({*FAMILIES, *PLAIN, *map(str.upper, FAMILIES)}, key=len, reverse=True))
    + r")"
    rf"(?P<given>(?: [{UPPER}][^\W\d_]*){{1,4}})(?![\w])"
)
# What such a name is part of, when a word like these stands before it.
PLACE_WORDS = """
đường|phố|xã|phường|huyện|quận|thành phố|tp\\.?|tỉnh|thị trấn|thị xã|thôn|bản|làng|khối|xóm|cầu|hồ|sông|suối|núi|đèo|chợ
khu|cụm|dự án|công ty|tnhh|chùa|đền|đình|trường|thpt|thcs|tiểu học|bệnh viện|công viên|quảng trường|ngõ|sân bay|ga|cảng
cửa khẩu|tòa nhà|toà nhà|chung cư|khách sạn|giải|quỹ|tuyến|nhà máy|đại học|học viện|hàng không|dân tộc|bảo tàng|nhà hát
sân vận động|lăng|street|road|ward|district|commune|city|province|bridge|at|in
"""
PLACE_WORD = re.compile(rf"(?<!\w)(?:{'|'.join(PLACE_WORDS.split(chr(10))[1:-1])})\W{{0,2}}$", re.I)
# Places that look like names of two syllables.
PLACES = frozenset(
    " ".join(
        """
Hà Nội|Hà Giang|Hà Nam|Hà Tĩnh|Hà Đông|Hà Tây|Cao Lộc|Cao Bằng|Lộc Bình|Thái Bình|Thái Nguyên|Thái Lan|Hồ Chí|Tô
Hiệu|Mai Pha|Hoàng Đồng|Hoàng Mai|Hoàng Sa|Trường Sa|Hoàng Liên|Ninh Bình|Ninh Thuận|Lâm Đồng|Châu Âu|Châu Á|Hàn
Quốc|Kim Bôi|Kim Sơn|Giang Nam|Đồng Tháp|Đồng Nai|Đồng Đăng|Đường Lâm|Hồ Tây|Hồ Gươm|Mai Châu|Lý Sơn|Cao Phong|Văn
Lãng|Văn Quan|Văn Phòng|Văn Bản|Công Ty|Công Văn|Công Báo|Công An|Công Thương|Kim Loại|Phương Án|Trang Chủ|Hoàng
Gia|Hoàng Thành|Hà Lan|Bàn Giao|Chung Cư|Viên Chức|Đường Dây|Quan Hệ|Từ Điển|Chương Trình|Chương Mỹ|Hà Đô|Quan
Trọng|Viên Chăn|Đồng Chí|Trang Thông
""".split()
    ).split("|")
)
COURTESY = re.compile(
    r"(?<!\w)(?:ông|bà|anh|chị|cô|chú|bác|em|đồng chí|đ/c|mr|mrs|ms|họ (?:và )?tên|chủ hộ)\W{1,3}$", re.I
)
CALLED = re.compile(
    rf"(?<!\w)(?:[Aa]nh|[Cc]hị|[Ôô]ng|[Bb]à|[Cc]ô|[Cc]hú|[Đđ]/c|[Đđ]ồng chí) (?!Rịa|Nà |Triệu|Bí )[{UPPER}][^\W\d_]*"
)
CELL_ENDS = re.compile(r" *(?:[|\d]|$)")
# How far before a number its owner may be named.
BESIDE = 60


def people(text: str) -> list[re.Match[str]]:
    """The names of people in a line."""
    return [each for each in PERSON.finditer(text) if is_person(each, text)]


def is_person(found: re.Match[str], text: str) -> bool:
    """Three syllables, or two behind a word of courtesy or alone in a cell; and no place."""
    before = text[max(0, found.start() - 20) : found.start()]
    if PLACE_WORD.search(before) or " ".join(found.group().split()[:2]).title() in PLACES:
        return False
    if found["given"].count(" ") >= 2:
        return True
    begins = before.rstrip().endswith("|") or not before.strip(" 0123456789.)")
    return bool(COURTESY.search(before)) or (begins and bool(CELL_ENDS.match(text, found.end())))


def person_in(text: str) -> bool:
    """Whether a person is named, if only as "chị Hoa"."""
    return bool(CALLED.search(text)) or any(is_person(each, text) for each in PERSON.finditer(text))


def person_before(context: str) -> bool:
    """Whether a person is named shortly before the end of a text."""
    return person_in(context[-BESIDE:]) or any(len(context) - each.end() <= BESIDE for each in people(context))
