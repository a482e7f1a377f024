"""Is a question that would cost too much refused, or made cheap, whatever is typed?  Counted in work, not in time."""

import numpy as np
import pytest
from flask.testing import FlaskClient

from indexer.article import Article
from indexer.language.slips import LONGEST
from indexer.match import different, near
from indexer.query import LONGEST_QUESTION, MOST_PAGES, MOST_PER_PAGE
from indexer.settings import Settings
from tests.conftest import Archive
from web.app import LARGEST_REQUEST, create_app


@pytest.fixture
def site(archive: Archive) -> FlaskClient:
    archive.put(
        Article("http://soxd.replica.test/1", title="Cát và cát và đá", body=" ".join(f"zx{n}" for n in range(2001)))
    )
    return create_app(Settings(home=archive.store.home), archive.store, archive.engine).test_client()


def test_a_word_repeated_beside_itself_is_looked_for_once() -> None:
    one, two = np.array([3, 5, 9]), np.array([4, 20])
    assert [(list(places), times) for places, times in different([one, two, one.copy(), one])] == [
        ([3, 5, 9], 3),
        ([4, 20], 1),
    ]
    assert list(near([one, one.copy()], 1)) == [3], "it must stand there twice"


@pytest.mark.parametrize(
    ("q", "told"), [("a" * (LONGEST + 1) + "~", "too long to be searched"), ("zx*", "stands for more than")]
)
def test_a_word_that_stands_for_too_much_is_refused_with_a_sentence(site: FlaskClient, q: str, told: str) -> None:
    answered = site.get("/api/v1/search", query_string={"q": q})
    assert answered.status_code == 400 and told in answered.get_json(force=True)["detail"]
    assert site.get("/search", query_string={"q": q}).status_code == 400


@pytest.mark.parametrize(
    "q", ["(" * 990 + "cát", "cát OR " * 150, "-đá " * 250, '"cát đá"~9999 ' * 70, "c?t " * 240, "cát~ " * 200,
          '"' + "và " * 330 + '"~1000', "a*b" * 330, "\u0323" * 999, "1/" * 500]
)  # fmt: skip
def test_the_longest_questions_are_answered(site: FlaskClient, q: str) -> None:
    assert site.get("/api/v1/search", query_string={"q": q}).status_code in (200, 400)


def test_a_question_has_an_end_and_so_has_what_it_gives(site: FlaskClient) -> None:
    page = site.get("/search", query_string={"q": "cát " * LONGEST_QUESTION, "lang": "en"})
    assert page.status_code == 200 and "too long" in page.get_data(as_text=True), "the first letters were searched"
    for name, most in (("per_page", MOST_PER_PAGE), ("page", MOST_PAGES)):
        assert site.get("/api/v1/search", query_string={name: most + 1}).status_code == 400


def test_nothing_larger_than_a_form_is_taken_in(site: FlaskClient) -> None:
    for path in ("/sign-in", "/api/v1/lists"):
        assert site.post(path, data=b"x" * (LARGEST_REQUEST + 1), content_type="application/json").status_code == 413
    many = {f"f{number}": "x" for number in range(2000)}
    answered = site.post("/lists", data=many, content_type="multipart/form-data")
    assert answered.status_code in (400, 413), "so many fields are no form of ours"
