"""How is each word of a question read: as Vietnamese, as English, or as both?"""

import pytest

from indexer.article import Article
from indexer.glossary import load
from indexer.language import words
from indexer.question import Question, understand
from tests.conftest import Archive

VI, EN, BOTH = frozenset({"vi"}), frozenset({"en"}), frozenset({"vi", "en"})
# Each word that could be either: an unaccented Vietnamese sentence, an accented one and an English one around it.
EITHER = {
    "an": ("ve sinh an toan thuc pham", "vệ sinh an toàn thực phẩm", "an annual review of housing"),
    "to": ("to truong to dan pho", "khu đất to và rộng", "how to apply for a construction permit"),
    "do": ("quy hoach do thi", "dự án do tỉnh quản lý", "what do builders need"),
    "the": ("the can cuoc cong dan", "quy hoạch tổng the", "the master plan of the city"),
    "in": ("in an tai lieu", "in ấn tài liệu", "houses in the city"),
    "me": ("ba me tre em", "bánh me ngọt", "tell me about social housing"),
    "bay": ("may bay ha canh", "máy bay hạ cánh", "the harbour and the bay"),
    "ban": ("uy ban nhan dan", "ban hành quyết định", "a ban on sand mining"),
    "can": ("can ho chung cu", "can thiệp kịp thời", "can foreigners buy houses"),
}


def read(question: Question, word: str) -> frozenset[str]:
    """The languages in which the first ``word`` of a question is read."""
    token = next(each for each in words.syllables(question.text) if each.term == word)
    return question.reading.languages[token.start]


def hows(question: Question, word: str) -> set[str]:
    """How the article's text is asked for a word: by its stem, its plain letters, its key."""
    return {
        slot.how
        for unit in question.units
        for form in unit.forms
        if form.why in ("typed", "vietnamese", "english")
        for slot in form.slots
        if slot.text == word
    }


@pytest.mark.parametrize("word", EITHER)
def test_alone_it_is_searched_in_both_languages_with_a_chip_to_drop_either(archive: Archive, word: str) -> None:
    archive.put(
        Article("http://soxd.replica.test/1", title=f"{word} lang", body=f"Xã {word} lang.", language="vi"),
        Article("http://soxd.replica.test/2", body=f"They wrote that {word} stands here.", language="en"),
    )
    both = archive.ask(word)
    assert read(both.interpretation.question, word) == BOTH
    chips = {chip.id for chip in both.interpretation.chips}
    assert {"vietnamese:", "english:"} <= chips
    vietnamese, english = archive.ask(word, without=("english:",)), archive.ask(word, without=("vietnamese:",))
    assert (both.total, vietnamese.total, english.total) == (2, 2, 1)


@pytest.mark.parametrize("word", EITHER)
def test_in_a_vietnamese_sentence_it_is_vietnamese(word: str) -> None:
    plain, accented, _ = (understand(sentence, load()) for sentence in EITHER[word])
    assert read(plain, word) == VI and "stem" not in hows(plain, word)
    assert read(accented, word) == VI and hows(accented, word) <= {"key"}


@pytest.mark.parametrize("word", EITHER)
def test_in_an_english_sentence_it_is_english_and_never_a_folded_syllable(word: str) -> None:
    asked = understand(EITHER[word][2], load())
    assert read(asked, word) == EN
    assert hows(asked, word) <= {"stem"}


def test_a_word_that_no_english_list_has_is_vietnamese_and_beside_english_a_name() -> None:
    assert read(understand("hoi", load()), "hoi") == VI
    assert read(understand("nha o xa hoi", load()), "hoi") == VI
    assert read(understand("housing in Hoi An town", load()), "hoi") == BOTH


def test_dropping_the_english_reading_drops_its_translations_too(archive: Archive) -> None:
    archive.put(
        Article("http://soxd.replica.test/1", title="Ban quản lý"),
        Article("http://soxd.replica.test/2", title="Lệnh cấm khai thác"),
    )
    assert archive.ask("ban").total == 2
    assert archive.titles("ban", without=("english:",)) == ["Ban quản lý"]


def test_an_english_word_reaches_vietnamese_text_only_through_its_translations(archive: Archive) -> None:
    archive.put(
        Article("http://soxd.replica.test/1", title="Mỏ cát", body="Khai thác cát và đá."),
        Article("http://soxd.replica.test/2", title="Xã Sand", body="Đoàn đến xã Sand."),
        Article("http://soxd.replica.test/3", title="Mining", body="They mine the sand here.", language="en"),
    )
    assert archive.titles("the sand") == ["Mining", "Mỏ cát"]
    sand = next(chip for chip in archive.ask("the sand").interpretation.chips if chip.why == "translation")
    assert archive.titles("the sand", without=(sand.id,)) == ["Mining"]


def test_a_name_of_capitals_that_the_glossary_knows_is_translated_and_any_other_goes_through(archive: Archive) -> None:
    archive.put(Article("http://soxd.replica.test/1", title="A trade office of Spain opens", language="en"))
    assert archive.titles("văn phòng thương mại Tây Ban Nha") == ["A trade office of Spain opens"]
    kinds = {unit.text: unit.kind for unit in understand("công dân Hòa Bình gặp Lò Văn Mẫu", load()).units}
    assert (kinds["Hòa Bình"], kinds["Lò Văn Mẫu"]) == ("name", "name")
