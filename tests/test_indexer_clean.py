"""Does cleaning repair what writers, editors and old fonts left in a text, and leave good text alone?"""

import random
import unicodedata

import pytest

from indexer.language.clean import clean, from_tcvn3, from_vni

GOOD = [
    "",
    "Sở Xây dựng tỉnh Lạng Sơn tổ chức hội nghị tổng kết công tác năm 2023.",
    "UBND tỉnh ban hành Quyết định số 788/QĐ-UBND ngày 30/01/2024; đơn giá 1.250.000 đồng/m².",
    "“Nhà ở xã hội” – ưu tiên số 1… ‘đúng hạn’ • 35 °C",
    "thú y",
    "có hai toà nhà",
    "hoà",
    "hoá",
    "hoà bình",
    "hòa bình",
    "tòan quốc",
    "“ĐÃ”",
    "ĐÃ… KÝ",
    "MỜI THẦU",
    "The Department of Construction announced 250 new homes; the mayor's façade was “naïve”.",
    "Le café très bon, déjà vu, où est l'hôtel ? Là-bas, à côté.",
    "Où est le goût du coût ?",
    "L'été, la fête, le garçon naïf, Noël, l'œuvre, ex æquo, aiguë",
    "«Bonjour», dit-il. ÉCOLE FRANÇAISE D'EXTRÊME-ORIENT",
    "für Müller schön, die Tür, süß",
    "España, año, niño, Björk, Malmö",
    "10 µm and 20 µm of Khotin® © 2020, § 5, 3×4, ½ cup, £5, ¥100",
    "中文 русский ไทย 😀",
    "line one\nline two",
]


@pytest.mark.parametrize("text", GOOD)
def test_good_text_is_left_alone(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Tiê\u0301ng Viê\u0323t", "Tiếng Việt"),  # as windows-1258 gives it
        ("u\u031bo\u031b\u0301c", "ước"),
        ("a\u0301\u0302m", "ấm"),
        ("nga \u0300 y", "ngày"),
        ("\u202exã\u202c \u2066Mẫu\u2069 \u061cSơn\u200e", "xã Mẫu Sơn"),  # signs that turn the direction round
        ("nga \u0300y", "ngày"),
        ("cu \u0303 ng la \u0300 m", "cũng làm"),
        ("va \u0300 anh", "và anh"),
        ("vie \u0302 \u0323 t", "việt"),
        ("tiê \u0301 ng viê \u0323 t", "tiếng việt"),
        ("NGA \u0300 Y", "NGÀY"),
        ("bia \u0300 , hoa \u0300 .", "bià , hoà ."),
        ("b \u0309 c", "b \u0309 c"),
        ("\u0300 abc", "\u0300 abc"),
        ("khẩn\u00a0trương", "khẩn trương"),
        ("a\u2003b\u202fc\u205fd\u3000e\tf", "a b c d e f"),
        ("quy\u00ad hoạch", "quy hoạch"),
        ("nhà\u200b ở\u200d \u200exã\u2060 hội\ufeff", "nhà ở xã hội"),
        ("t\x08rong\x00 một\x7f bu\x85ổi", "trong một buổi"),
        ("Ðiều hành, Ðảng ð", "Điều hành, Đảng đ"),
        ("nửa \ud83d kia", "nửa kia"),
        ("  một   hai \r\n\r\n \n ba\u2028bốn\x0bnăm  \n", "một hai\nba\nbốn\nnăm"),
        (" \n\t\u00a0\n ", ""),
    ],
)
def test_marks_blanks_and_invisible_characters_are_put_right(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Tá»‰nh uá»·", "Tỉnh uỷ"),
        ("Má»¹", "Mỹ"),
        ("Ä‘Ã£ Ä‘Æ°á»£c cáº¥p phÃ©p", "đã được cấp phép"),
        ("nhÃ\u00a0 á»Ÿ xÃ£ há»™i", "nhà ở xã hội"),
        ("vá»\x81 nhÃ  á»\x9f", "về nhà ở"),
        ("Sở Xây dựng\nTá»‰nh Láº¡ng SÆ¡n", "Sở Xây dựng\nTỉnh Lạng Sơn"),
    ],
)
def test_utf8_read_as_windows_1252_is_mended(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


TCVN3 = [
    ("TiÕng ViÖt", "Tiếng Việt"),
    ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    ("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
    ("ñy ban nh©n d©n tØnh L¹ng S¬n, n\u00adíc s¹ch", "ủy ban nhân dân tỉnh Lạng Sơn, nước sạch"),
    ("TØNH L¹NG S¥N", "TỈNH LẠNG SƠN"),
    ("H§ND tØnh häp vÒ quy ho¹ch, Q§-UBND", "HĐND tỉnh họp về quy hoạch, QĐ-UBND"),
]
VNI = [
    ("Tieáng Vieät", "Tiếng Việt"),
    ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
    ("Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
    ("UÛY BAN NHAÂN DAÂN TÆNH LAÏNG SÔN", "ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN"),
    ("Uûy ban nhaân daân, kyõ thuaät, thôøi haïn", "Ủy ban nhân dân, kỹ thuật, thời hạn"),
    ("Myõ aám noàng, Trung Quoác coù buoàn?", "Mỹ ấm nồng, Trung Quốc có buồn?"),
]


@pytest.mark.parametrize(("text", "cleaned"), TCVN3)
def test_tcvn3_is_read_by_its_table_and_recognised_by_its_letters(text: str, cleaned: str) -> None:
    assert from_tcvn3(text) == cleaned
    assert clean(text) == cleaned


@pytest.mark.parametrize(("text", "cleaned"), VNI)
def test_vni_is_read_by_its_table_and_recognised_by_its_letters(text: str, cleaned: str) -> None:
    assert from_vni(text) == cleaned
    assert clean(text) == cleaned


def test_the_tables_reach_every_vietnamese_letter() -> None:
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones}
    letters |= {"đ"}
    latin = "".join(map(chr, range(0xA1, 0x100)))
    assert letters - set("aeiouy") <= set(from_tcvn3(latin))
    pairs = " ".join(base + mark for base in "aeiouyôö" for mark in "øùûõïâàáåãäêèéúüë") + " ñôöìíæóòî"
    assert letters - set("aeiouy") <= set(from_vni(pairs))
    assert {letter.upper() for letter in letters} - set("AEIOUY") <= set(from_vni(pairs.upper()))


@pytest.mark.parametrize(
    "text",
    [
        "TiÕng ViÖt bằng chữ cũ",
        "Tieáng Vieät bằng chữ cũ",
        "TiÕng",
    ],
)
def test_old_fonts_are_not_guessed_in_unicode_text_or_from_one_word(text: str) -> None:
    assert clean(text) == text


def test_cleaning_twice_is_cleaning_once_and_gives_nfc() -> None:
    chance = random.Random(1993)
    pools = [
        "aeiouydhnctgm", "àáâãèéêìíòóôõùúý", "ăđơưạảấầắằếềệộợựỷ", "µ¸¶·¹¨»¾©Æ®Ñ×ÖØÞäåæñöøûüþ\u00ad",
        "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b", "  \n\u00a0\t\r", "\u200b\ufeff\x81\x9d\x00",
        "“”‘’–…€‰·œ™", "ÃÄÅÆáº»Ì", "Ðð😀中İΣ\ud800",
    ]  # fmt: skip
    for _ in range(5000):
        chosen = chance.sample(pools, 4)
        text = "".join(chance.choice(chance.choice(chosen)) for _ in range(chance.randint(1, 30)))
        cleaned = clean(text)
        assert clean(cleaned) == cleaned, ascii(text)
        assert unicodedata.is_normalized("NFC", cleaned), ascii(text)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_every_unicode_form_of_a_text_is_cleaned_to_the_same(form: str) -> None:
    text = "Uỷ ban nhân dân tỉnh Lạng Sơn: tổng kết công tác ngành Xây dựng, nhà ở xã hội, đường Lê Lợi"
    assert clean(unicodedata.normalize(form, text)) == text  # type: ignore[arg-type]
