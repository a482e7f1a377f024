"""Do spellings that mean the same fold to the same, letter by letter?"""

import random

import pytest

from indexer.language.fold import bare, bare_key, is_marked, key, lower, modern

FOLDS = (lower, modern, key, bare, bare_key)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("hòa", "hoà"), ("hoà", "hoà"), ("hóa", "hoá"), ("hỏa", "hoả"), ("họa", "hoạ"), ("lõa", "loã"),
        ("khỏe", "khoẻ"), ("hòe", "hoè"), ("thủy", "thuỷ"), ("thúy", "thuý"), ("thùy", "thuỳ"),
        ("thụy", "thuỵ"), ("ủy", "uỷ"), ("Ủy", "Uỷ"), ("ỦY", "UỶ"), ("HÒA", "HOÀ"), ("òa", "oà"),
        ("úy", "uý"), ("qúy", "quý"), ("quý", "quý"), ("qùa", "quà"), ("qủa", "quả"), ("quả", "quả"),
        ("qúôc", "quốc"), ("tòan", "toàn"), ("toàn", "toàn"), ("hòan", "hoàn"), ("hóach", "hoách"),
        ("lọai", "loại"), ("lóay", "loáy"), ("hùynh", "huỳnh"), ("tưýp", "tưýp"), ("thuở", "thuở"),
        ("thủơ", "thuở"), ("khuỷu", "khuỷu"), ("đựơc", "được"), ("nứơc", "nước"), ("tíêng", "tiếng"),
        ("vịêt", "việt"), ("ngươì", "người"), ("cuả", "của"), ("giưã", "giữa"), ("gía", "giá"),
        ("gìa", "già"), ("gì", "gì"), ("gìn", "gìn"), ("giếng", "giếng"), ("mía", "mía"), ("biạ", "bịa"),
        ("mùa", "mùa"), ("lửa", "lửa"), ("rượu", "rượu"), ("yếu", "yếu"), ("hoài", "hoài"), ("hài", "hài"),
        ("tuỳên", "tuyền"), ("xoòng", "xoòng"), ("bìa", "bìa"), ("déjà", "déjà"), ("voilà", "voilà"),
        ("María", "María"), ("hoa", "hoa"), ("hòàn", "hòàn"), ("", ""),
    ],
)  # fmt: skip
def test_tones_go_where_the_new_style_puts_them(written: str, folded: str) -> None:
    assert modern(written) == folded


def test_tones_are_moved_in_running_text_syllable_by_syllable() -> None:
    written = "Ủy ban TỈNH ỦY (hòa-giải), “thủy lợi”;qúy III/2024:KHỎE\nhóa_đơn 5hòa"
    assert modern(written) == "Uỷ ban TỈNH UỶ (hoà-giải), “thuỷ lợi”;quý III/2024:KHOẺ\nhoá_đơn 5hoà"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kĩ thuật", "Kỹ thuật"), ("lí do", "LÝ DO"), ("Mĩ", "Mỹ"), ("bác sỹ", "bác sĩ"),
        ("Nguyễn Sỹ Tân", "nguyễn sĩ tân"), ("tỉ đồng", "tỷ đồng"), ("hi vọng", "hy vọng"),
        ("kì họp", "kỳ họp"), ("ký kết", "kí kết"), ("kỉ niệm", "kỷ niệm"), ("vĩ đại", "vỹ đại"),
        ("qui hoạch", "quy hoạch"), ("quí", "qúy"), ("quĩ", "quỹ"), ("quỉ", "qủy"), ("quị", "quỵ"),
        ("quì", "quỳ"), ("công ti", "công ty"), ("tì vết", "tỳ vết"), ("li hôn", "ly hôn"), ("mì", "mỳ"),
        ("Tỉnh ủy", "TỈNH UỶ"), ("hòa", "hoà"),
    ],
)  # fmt: skip
def test_two_spellings_of_one_word_have_one_key(one: str, other: str) -> None:
    assert key(one) == key(other)
    assert bare_key(bare(one)) == bare_key(bare(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("vi", "vy"), ("mi", "my"), ("si", "sy"), ("hai", "hay"), ("tai", "tay"), ("thúi", "thúy"),
        ("ky", "kỳ"), ("an", "án"),
    ],
)  # fmt: skip
def test_different_words_keep_different_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ki thuat", "kỹ thuật"), ("ky thuat", "kĩ thuật"), ("nguyen sy tan", "Nguyễn Sĩ Tân"),
        ("cong ti", "Công ty"),
    ],
)  # fmt: skip
def test_words_typed_without_accents_meet_either_spelling(typed: str, written: str) -> None:
    assert bare_key(typed) == bare_key(written)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đường Nguyễn Huệ, quận Ô Môn", "duong nguyen hue, quan o mon"),
        ("ẰẲẴẮẶ ằẳẵắặ ỜỞỠỚỢ ừửữứự ỲỶỸÝỴ", "aaaaa aaaaa ooooo uuuuu yyyyy"), ("788/QĐ-UBND", "788/qd-ubnd"),
        ("Müller Çelik", "muller celik"), ("kĩ", "ki"), ("m² ½ 中", "m² ½ 中"),
    ],
)  # fmt: skip
def test_bare_text_has_no_marks(written: str, folded: str) -> None:
    assert bare(written) == folded
    assert not is_marked(bare(written))


@pytest.mark.parametrize("text", ["đ", "Đà Nẵng", "o xã", "ơ", "café", "ừ", "QĐ"])
def test_a_marked_letter_is_seen(text: str) -> None:
    assert is_marked(text)


@pytest.mark.parametrize("text", ["", "nha o xa hoi", "Müller", "m²", "Km 12", "“Ha Noi”"])
def test_plain_text_is_not_marked(text: str) -> None:
    assert not is_marked(text)


def test_a_letter_whose_small_form_is_longer_stays() -> None:
    assert lower("ABC İSTANBUL ĐÀ") == "abc İstanbul đà"


@pytest.mark.parametrize("fold", FOLDS)
def test_every_character_folds_to_one_character(fold: object) -> None:
    assert callable(fold)
    assert all(len(fold(chr(code))) == 1 for code in range(0x110000))


@pytest.mark.parametrize("fold", FOLDS)
def test_folds_keep_the_length_of_any_text_and_fold_once(fold: object) -> None:
    assert callable(fold)
    chance = random.Random(5712)
    letters = "hkqugtnoaeiyòóàáúùýỳủỷỉĩiưƠờđĐHÒQ   .,/-_5İΣſK\u0301\u0323\n中😀"
    for _ in range(5000):
        text = "".join(chance.choices(letters, k=chance.randint(1, 25)))
        text += "".join(chr(chance.randrange(0xD800)) for _ in range(3))
        assert len(fold(text)) == len(text), ascii(text)
        assert fold(fold(text)) == fold(text), ascii(text)
