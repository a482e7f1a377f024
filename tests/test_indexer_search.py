"""How is a question answered?  The rules of language and of what counts as found, asked of a real index."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from indexer import access
from indexer.article import Article, Attachment
from indexer.errors import KhotinError
from tests.conftest import Archive

SOCIAL = "Dự án nhà ở xã hội tại phường Đông Kinh"


def article(number: int, title: str, body: str = "", **more: object) -> Article:
    return Article(f"http://soxd.replica.test/{number}", title=title, body=body, **more)  # type: ignore[arg-type]


PHRASES = (
    "nhà ở xã hội", "giấy phép xây dựng", "tỉnh ủy", "khẩn trương", "đô thị", "bê tông", "tổ chức",
    "an toàn", "y tế", "hòa bình",
)  # fmt: skip


@pytest.fixture
def ten(archive: Archive) -> Archive:
    archive.put(
        *(article(n, f"Bài số {n}", f"Hôm nay có tin về {phrase} ở Lạng Sơn.") for n, phrase in enumerate(PHRASES))
    )
    return archive


@pytest.mark.parametrize("case", [str.lower, str.upper, str.capitalize], ids=["lower", "upper", "capitalised"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("accents", [True, False], ids=["accented", "plain"])
def test_ten_phrases_are_found_and_marked_at_the_right_letters_however_typed(
    ten: Archive, case: Callable[[str], str], form: str, accents: bool
) -> None:
    for number, phrase in enumerate(PHRASES):
        typed = case(phrase if accents else plain(phrase))
        results = ten.ask(unicodedata.normalize(form, typed), per_page=20)
        hit = next(
            (hit for hit in results.hits if hit.kept.article.title == f"Bài số {number}" and hit.counted),
            None,
        )
        assert hit, f"{typed!r} did not find {phrase!r}"
        passage = next(each for each in hit.passages.texts if each.zone == "body")
        assert phrase in [passage.text[start:end] for start, end in passage.marks]


def plain(text: str) -> str:
    marks = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in marks if not unicodedata.combining(letter))


@pytest.mark.parametrize("question", ["hoà bình", "hòa bình", "tỉnh ủy", "tỉnh uỷ", "TỈNH UỶ"])
def test_old_and_new_tone_placement_find_each_other(archive: Archive, question: str) -> None:
    archive.put(article(1, "Một", "Ngày hòa bình, Tỉnh ủy họp."), article(2, "Hai", "Ngày hoà bình, Tỉnh uỷ họp."))
    assert sorted(archive.titles(question)) == ["Hai", "Một"]


@pytest.mark.parametrize(("question", "first"), [("hòa bình", "Một"), ("hoà bình", "Hai")])
def test_the_typed_spelling_ranks_first(archive: Archive, question: str, first: str) -> None:
    archive.put(article(1, "Một", "Ngày hòa bình đã đến."), article(2, "Hai", "Ngày hoà bình đã đến."))
    assert archive.titles(question)[0] == first


def test_i_and_y_spellings_of_a_name_find_each_other(archive: Archive) -> None:
    archive.put(article(1, "Một", "Đồng chí Hoàng Sỹ Vượng phát biểu."))
    assert archive.titles("Hoàng Sĩ Vượng") == archive.titles("hoang si vuong") == ["Một"]


def test_accents_that_were_typed_count_and_missing_ones_are_forgiven(archive: Archive) -> None:
    archive.put(article(1, "Đường mới", "Con đường mở rộng."), article(2, "Giá dương", "Cây dương xỉ."))
    assert archive.titles("đường") == ["Đường mới"]
    assert sorted(archive.titles("duong")) == ["Giá dương", "Đường mới"]


def test_one_marked_syllable_makes_the_plain_ones_exact(archive: Archive) -> None:
    archive.put(article(1, "Một", "Bảo đảm an toàn lao động."), article(2, "Hai", "Đồ ăn toàn diện."))
    assert archive.titles("an toàn") == ["Một"]


def test_a_half_typed_question_is_read_folded_where_only_that_makes_sense(archive: Archive) -> None:
    archive.put(article(1, SOCIAL, "Khởi công."))
    results = archive.ask("nhà o xa hội")
    assert results.total == 1
    assert results.interpretation.accents == "half"


def test_exactly_as_typed_turns_every_fold_off(archive: Archive) -> None:
    archive.put(
        article(1, "Một", "Ngày hòa bình."),
        article(2, "Hai", "Ngày hoà bình."),
        article(3, "Ba", "Ngay hoa binh."),
    )
    assert archive.titles("hòa", exact=True) == ["Một"]
    assert archive.titles("HOÀ", exact=True) == ["Hai"]
    assert archive.titles("hoa", exact=True) == ["Ba"]


@pytest.mark.parametrize("question", ["bê tông", "tổ chức", "an toàn", "y tế", "ở", "in ấn", "cụ thể", "thất nghiệp"])
def test_no_vietnamese_syllable_is_lost_to_a_stop_list(archive: Archive, question: str) -> None:
    archive.put(article(1, "Có", f"Việc {question} được nêu."), article(2, "Không", "Việc khác hẳn."))
    assert archive.titles(question) == ["Có"]


def test_the_syllables_of_a_compound_stand_side_by_side(archive: Archive) -> None:
    archive.put(article(1, SOCIAL), article(2, "Xã hội hóa", "Nhà của hội ở trong xã."))
    assert archive.titles("nhà ở xã hội") == archive.titles("nha o xa hoi") == [SOCIAL]


def test_a_name_written_with_capitals_stands_side_by_side_too(archive: Archive) -> None:
    archive.put(
        article(1, "Một", "Ông Lương Hải Đăng dự họp."),
        article(2, "Hai", "Tiền lương ở Hải Phòng, bài đăng."),
    )
    assert archive.titles("ông Lương Hải Đăng") == ["Một"]


def test_paragraph_and_zone_borders_part_what_stands_on_both_sides(archive: Archive) -> None:
    archive.put(article(1, "Nhà ở", "xã hội phát triển\nnhà ở\nxã hội"))
    assert archive.titles('"nhà ở xã hội"') == []


def test_an_english_question_finds_english_articles_first_and_vietnamese_ones_by_the_glossary(
    archive: Archive,
) -> None:
    english = article(
        1, "Social housing in Lang Son", "The department plans social housing for workers.", language="en"
    )
    archive.put(english, article(2, SOCIAL, "Khởi công nhà ở xã hội."))
    results = archive.ask("social housing")
    assert [hit.kept.article.language for hit in results.hits] == ["en", "vi"]
    chip = next(chip for chip in results.interpretation.chips if chip.why == "translation")
    assert [h.kept.id for h in archive.ask("social housing", without=(chip.id,)).hits if h.counted] == [1]


def test_english_words_meet_their_other_forms_and_vietnamese_syllables_do_not(archive: Archive) -> None:
    archive.put(article(1, "Planned roads", "The department planned new roads for the town.", language="en"))
    assert archive.titles("planning of the road") == ["Planned roads"]


def test_an_abbreviation_finds_its_long_form_and_a_chip_takes_that_back(archive: Archive) -> None:
    archive.put(article(1, SOCIAL), article(2, "Chương trình NOXH của tỉnh"))
    results = archive.ask("NOXH")
    assert results.total == 2
    chips = tuple(chip.id for chip in results.interpretation.chips)
    assert archive.titles("NOXH", without=chips) == ["Chương trình NOXH của tỉnh"]


def test_an_abbreviation_that_is_a_syllable_as_well_widens_nothing(archive: Archive) -> None:
    archive.put(article(1, "Tu bổ di tích"), article(2, "Tỉnh ủy chỉ đạo"))
    assert archive.titles("tỉnh ủy") == ["Tỉnh ủy chỉ đạo"]
    assert archive.titles("tu bo") == ["Tu bổ di tích"]


NUMBERS = (
    ("Một", "Căn cứ Quyết định số 788/QĐ-UBND ngày 22/4/2024."),
    ("Hai", "Nghị định số 15/2021/NĐ-CP về quản lý dự án."),
    ("Ba", "Thông tư 15/2021/TT-BXD của Bộ Xây dựng."),
    ("Bốn", "Có 788 hộ dân ở xã."),
    ("Năm", "Theo công văn số 1637 / SXD – ĐKHĐ của Sở."),
)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("788/QĐ-UBND", ["Một"]), ("788/qd-ubnd", ["Một"]), ("788 / QĐ – UBND", ["Một"]), ("Số: 788/QĐ-UBND", ["Một"]),
        ("nghị định 15/2021", ["Hai"]), ("15/2021", ["Ba", "Hai"]), ("15/2021/TT-BXD", ["Ba"]),
        ("1637 SXD DKHD", ["Năm"]), ("QĐ-UBND", ["Một"]), ("number:788", ["Một"]),
    ],
)  # fmt: skip
def test_document_numbers_are_found_whole_in_part_and_however_written(
    archive: Archive, question: str, found: list[str]
) -> None:
    archive.put(*(article(n, title, body) for n, (title, body) in enumerate(NUMBERS)))
    assert sorted(archive.titles(question)) == sorted(found)


def test_a_bare_number_is_only_a_near_match_of_a_document_number(archive: Archive) -> None:
    archive.put(*(article(n, title, body) for n, (title, body) in enumerate(NUMBERS)))
    results = archive.ask("788/QĐ-UBND")
    assert [(hit.kept.article.title, hit.counted) for hit in results.hits] == [("Một", True), ("Bốn", False)]
    assert (results.total, results.near_total) == (1, 1)


@pytest.mark.parametrize(
    "question", ["tháng 9/2024", "tháng 09 năm 2024", "thang 9/2024", "September 2024", "THÁNG 9 NĂM 2024"]
)
def test_months_are_found_however_written(archive: Archive, question: str) -> None:
    archive.put(article(1, "Giá tháng 09 năm 2024"), article(2, "Giá tháng 9/2023"), article(3, "Giá tháng 10/2024"))
    assert archive.titles(question) == ["Giá tháng 09 năm 2024"]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("quý 3", "quý III/2024"),
        ("quý III/2024", "quý 3/2024"),
        ("Q3", "quý III"),
        ("m2", "45 m²"),
        ("1250000", "giá 1.250.000 đồng"),
    ],
)
def test_quarters_measures_and_amounts_are_found_however_written(archive: Archive, question: str, text: str) -> None:
    archive.put(article(1, "Có", f"Nêu rõ {text} tại đây."), article(2, "Không", "Nêu rõ tại đây."))
    assert archive.titles(question) == ["Có"]


def test_quotes_ask_for_the_phrase_and_widen_nothing(archive: Archive) -> None:
    archive.put(article(1, SOCIAL), article(2, "Chương trình NOXH"))
    assert archive.titles('"nhà ở xã hội"') == archive.titles("“nha o xa hoi”") == [SOCIAL]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("cát đá", ["Cát và đá"]), ("cát OR đá", ["Cát", "Cát và đá", "Đá"]), ("cát -đá", ["Cát"]),
        ("cát NOT đá", ["Cát"]), ("(cát OR đá) AND NOT và", ["Cát", "Đá"]),
        ("title:đá", ["Cát và đá", "Đá"]), ("tiêu-đề:cát", ["Cát", "Cát và đá"]),
        ("c*t", ["Cát", "Cát và đá"]), ("cat~", ["Cát", "Cát và đá"]), ('"đá cát"~3', ["Cát và đá"]),
        ("cát - đá", ["Cát và đá"]), ("cát?", ["Cát", "Cát và đá"]), ("😀", []), ("()", []),
        ("và", ["Cát và đá"]), ("xyz:cát", []),
    ],
)  # fmt: skip
def test_the_query_language_and_ordinary_typing(archive: Archive, question: str, found: list[str]) -> None:
    archive.put(article(1, "Cát"), article(2, "Đá"), article(3, "Cát và đá"))
    assert sorted(archive.titles(question)) == sorted(found)


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ('"cát', "not closed"),
        ("(cát", "not closed"),
        ("cát)", "no opening"),
        ("cát AND", "missing"),
        ("cát -", ""),
        ("cát date:hôm", "no date"),
    ],
)
def test_a_broken_question_is_answered_with_what_was_understood(archive: Archive, question: str, problem: str) -> None:
    archive.put(article(1, "Cát"))
    results = archive.ask(question)
    told = " ".join(each.message for each in results.interpretation.problems)
    assert problem in told
    assert results.total == 1


def test_a_wildcard_that_stands_for_too_much_is_refused_with_a_sentence(archive: Archive) -> None:
    archive.put(article(1, "Nhiều", " ".join(f"x{number}" for number in range(2001))))
    with pytest.raises(KhotinError, match="2000"):
        archive.ask("x*")


def test_near_matches_follow_and_count_nowhere(archive: Archive) -> None:
    archive.put(article(1, "Cát nghiền tại mỏ"), article(2, "Cát tự nhiên"), article(3, "Họp báo"))
    results = archive.ask("cát mỏ")
    assert [(hit.kept.article.title, hit.counted) for hit in results.hits] == [
        ("Cát nghiền tại mỏ", True),
        ("Cát tự nhiên", False),
    ]
    assert (results.total, results.near_total) == (1, 1)
    assert sum(hits for _, hits, _ in results.timeline) == 1


@pytest.mark.parametrize("question", ["cát AND mỏ", '"cát nghiền"', "title:cát"])
def test_questions_with_operators_quotes_or_fields_have_no_near_matches(archive: Archive, question: str) -> None:
    archive.put(article(1, "Cát nghiền tại mỏ"), article(2, "Cát tự nhiên"))
    assert archive.ask(question).near_total == 0


def test_question_frames_rank_but_never_gate(archive: Archive) -> None:
    archive.put(article(1, "Thủ tục cấp giấy phép xây dựng"))
    assert archive.titles("thủ tục cấp giấy phép xây dựng gồm những gì?") == ["Thủ tục cấp giấy phép xây dựng"]


DATED = (
    article(1, "Cát năm 2023", published=datetime(2023, 5, 2, tzinfo=UTC), section="Tin tức"),
    article(2, "Cát năm 2024", published=datetime(2024, 5, 2, tzinfo=UTC), section="Thông báo"),
    article(3, "Cát không ngày"),
)


def test_undated_articles_come_last_in_both_date_orders(archive: Archive) -> None:
    archive.put(*DATED)
    assert archive.titles("cát", sort="newest") == ["Cát năm 2024", "Cát năm 2023", "Cát không ngày"]
    assert archive.titles("cát", sort="oldest") == ["Cát năm 2023", "Cát năm 2024", "Cát không ngày"]


def test_facets_and_timeline_count_exactly_the_hits(archive: Archive) -> None:
    archive.put(*DATED)
    results = archive.ask("cát")
    assert results.facets["year"] == [("2024", 1), ("2023", 1), ("", 1)]
    assert results.facets["section"] == [("Thông báo", 1), ("Tin tức", 1)]
    assert [row for row in results.timeline if row[1]] == [("2023-05", 1, 1), ("2024-05", 1, 1), ("", 1, 1)]
    narrowed = archive.ask("cát", facets={"section": ("-Tin tức",)})
    assert narrowed.total == 2
    assert archive.ask("cát", facets={"section": ("Tin tức", "Thông báo"), "year": ("2024",)}).total == 1


def test_a_date_filter_leaves_undated_articles_out_and_says_how_many(archive: Archive) -> None:
    archive.put(*DATED)
    results = archive.ask("cát", first=datetime(2024, 1, 1).date())
    assert (results.total, results.undated) == (1, 1)
    assert archive.titles("cát date:2023") == ["Cát năm 2023"]
    assert archive.titles("cát", undated=True) == ["Cát không ngày"]


def test_a_restricted_article_is_in_no_answer_before_the_index_knows(archive: Archive) -> None:
    archive.put(*DATED)
    with archive.store.write() as connection:
        access.restrict(connection, 2, "lan", "Yêu cầu gỡ")
    results = archive.ask("cát")
    assert results.total == 2
    assert "2024" not in dict(results.facets["year"])
    assert sum(volume for _, _, volume in results.timeline) == 2


def test_files_captions_and_bylines_are_searched_too(archive: Archive) -> None:
    file = Attachment("http://x/f.pdf", "Bảng giá", text="Xi măng Hoàng Hà | tấn")
    archive.put(article(1, "Một", attachments=(file,), captions=("Quang cảnh hội nghị",), author="Hoàng Gia Khiêm"))
    for question in ("xi măng", "quang cảnh", "tác-giả:khiêm", "author:Khiêm"):
        assert archive.titles(question) == ["Một"]
    assert archive.titles("title:xi") == []


def test_a_changed_article_is_found_by_its_new_words_and_not_by_its_old_ones(archive: Archive) -> None:
    archive.put(article(1, "Cát nghiền"))
    archive.put(article(1, "Đá vôi"))
    assert (archive.titles("đá vôi"), archive.titles("cát nghiền")) == (["Đá vôi"], [])


def test_pages_follow_each_other_without_gap_or_repeat(archive: Archive) -> None:
    archive.put(*(article(n, f"Cát {n}") for n in range(25)))
    seen = [title for page in (1, 2, 3) for title in archive.titles("cát", page=page)]
    assert len(seen) == len(set(seen)) == 25
    assert archive.titles("cát", page=4) == []


def test_explaining_tells_what_each_part_of_the_question_adds_to_the_score(archive: Archive) -> None:
    archive.put(article(1, SOCIAL, "Khởi công nhà ở xã hội."), article(2, "Họp báo", "Tin khác."))
    results = archive.ask("khởi công nhà ở xã hội", explain=True)
    assert sum(results.explanations[0].values()) == pytest.approx(results.hits[0].score, abs=0.001)
    assert {"syllables: nhà", "neighbours: xã hội", "words: khởi công"} < set(results.explanations[0])
    assert archive.ask("khởi công").explanations == ()


def test_what_pyvi_joins_as_a_word_ranks_before_what_only_stands_together(archive: Archive) -> None:
    archive.put(article(1, "Một", "Nhà máy có công tác phí."), article(2, "Hai", "Nhà máy có việc công tác ở xa."))
    assert archive.ask("việc công tác").hits[0].kept.article.title == "Hai"


def test_an_amount_is_found_however_it_is_written(archive: Archive) -> None:
    areas = ["rộng 500 m²", "rộng 500 m2", "rộng 500m2"]
    sums = ["vốn 2.000 tỷ đồng", "vốn 2000 tỷ đồng"]
    archive.put(*(Article(f"http://a.example/{number}", title) for number, title in enumerate([*areas, *sums])))
    for question in ("rộng 500m²", *areas):
        assert sorted(archive.titles(question)) == sorted(areas)
    for question in ("vốn 2.000 tỷ", "vốn 2000 tỷ"):
        assert sorted(archive.titles(question)) == sorted(sums)


def test_a_date_at_the_end_of_the_calendar_stops_no_index(archive: Archive) -> None:
    last = datetime.max.replace(tzinfo=UTC)  # kept before such were refused
    archive.put(Article("http://a.example/1", "Tin lạ", published=last), Article("http://a.example/2", "Tin mới"))
    assert sorted(archive.titles("tin")) == ["Tin lạ", "Tin mới"]
