"""How much personal data does the screen find, and how often does it see some where there is none?

`python -m tests.bench.personal` measures made-up pages; with `--home DIR` it tells how many articles of an archive it
would list, and shows some.
"""

import random
from collections import Counter
from pathlib import Path

import click

from indexer import personal
from indexer.personal import Finding
from indexer.store import articles, open_store
from tests.bench.people_pages import WITH, WITHOUT, Page, pages
from tests.bench.table import Row, print_table

SEED, POSITIVES, DECOYS = 20_260_101, 360, 1_200
SHOWN = 20


def found(page: Page) -> list[bool]:
    """For each planted thing whether it was found as what it is."""
    told = personal.screen(page.text)
    return [any(matches(page, each, kind, written) for each in told) for kind, written in page.planted]


def matches(page: Page, each: Finding, kind: str, written: str) -> bool:
    return each.kind == kind and written in page.text[each.start : each.end]


def recall(of: list[Page]) -> float:
    hits = [hit for page in of for hit in found(page)]
    return sum(hits) / len(hits)


def flagged(of: list[Page]) -> float:
    """The share of pages in which anything is found."""
    return sum(bool(personal.screen(page.text)) for page in of) / len(of)


def measure(seed: int, positives: int, decoys: int) -> list[Row]:
    good, bad = pages(seed, positives, WITH), pages(seed, decoys, WITHOUT)
    planted = sum(len(page.planted) for page in good)
    rows = [
        Row(f"pages with personal data that are found ({positives})", f"{flagged(good):.3f}"),
        Row(f"planted numbers, days and addresses found ({planted})", f"{recall(good):.3f}"),
    ]
    hits: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for page in good:
        for (kind, _), hit in zip(page.planted, found(page), strict=True):
            hits[kind] += hit
            sizes[kind] += 1
    rows += [Row(f"  {kind} ({sizes[kind]})", f"{hits[kind] / sizes[kind]:.3f}") for kind in sorted(sizes)]
    rows += [Row(f"  {shape}", f"{recall(of):.3f}") for shape, of in shapes(good)]
    rows.append(Row(f"pages without any that are listed all the same ({decoys})", f"{flagged(bad):.3f}"))
    return rows + [Row(f"  {shape}", f"{flagged(of):.3f}") for shape, of in shapes(bad)]


def shapes(of: list[Page]) -> list[tuple[str, list[Page]]]:
    names = dict.fromkeys(page.shape for page in of)
    return [(name, [page for page in of if page.shape == name]) for name in names]


def of_archive(home: Path, seed: int) -> None:
    """How many articles would be listed, for which kinds; and some of them with what was found."""
    store, kinds, listed, last, total = open_store(home), Counter[str](), [], 0, 0
    while True:
        with store.read() as connection:
            held = articles.after(connection, last, 200)
        if not held:
            break
        last, total = held[-1].id, total + len(held)
        for kept in held:
            told = personal.screen(text := personal.texts_of(kept.article))
            if told:
                kinds.update({each.kind for each in told})
                listed.append((kept.id, [(e.kind, e.sure, text[max(0, e.start - 70) : e.end + 20]) for e in told[:2]]))
    store.close()
    print(f"{len(listed)} of {total} articles are listed; by kind: {dict(kinds)}")
    for number, told_of in random.Random(seed).sample(listed, min(SHOWN, len(listed))):
        print(number, *(f"\n    {kind} {sure}: {' '.join(piece.split())}" for kind, sure, piece in told_of))


@click.command()
@click.option("--seed", default=SEED, show_default=True)
@click.option("--home", type=click.Path(path_type=Path, exists=True), help="An archive whose articles are looked at.")
def main(seed: int, home: Path | None) -> None:
    if home:
        of_archive(home, seed)
    else:
        print_table(measure(seed, POSITIVES, DECOYS))


if __name__ == "__main__":
    main()
