"""How are the answers measured from the command line?"""

import json
from pathlib import Path
from typing import Any

import click

from indexer.commands import opened
from indexer.errors import KhotinError
from indexer.terminal import Spoken, tell


@click.command(cls=Spoken)
@click.option("--queries", required=True, type=click.Path(path_type=Path), help="Questions, a JSON object a line.")
@click.option("--qrels", required=True, type=click.Path(path_type=Path), help="Question, article, relevance; by tabs.")
@click.option("--plain", is_flag=True, help="Plain BM25 over syllables, to compare with.")
@click.option("--without", multiple=True, metavar="NAME", help="Switch off a part, zone or kind of evidence.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def evaluate(queries: Path, qrels: Path, plain: bool, without: tuple[str, ...], as_json: bool) -> None:
    """Measure the answers with judged questions. Example: khotin evaluate --queries q.jsonl --qrels r.tsv"""
    from indexer import evaluate as measuring
    from indexer.wordbook import glossary_of

    weights = switched_off(without)
    judged = measuring.read_judged(queries, qrels)
    with opened() as (store, engine):
        columns = engine.columns()
        compared = measuring.plain_ranker(store, columns)
        ranker = compared if plain else measuring.ranker(store, engine.reading(), glossary_of(store), weights)
        measured = measuring.measure(judged, ranker)
        beside = None if plain or as_json else measuring.measure(judged, compared)
    figures = measuring.summary(measured)
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        click.echo(f"{name:12}{value:>8}")
    if beside:
        low, high = measuring.interval([each.mrr for each in measured], [each.mrr for each in beside])
        base = measuring.summary(beside)["mrr@10"]
        tell("Plain BM25 over syllables: mrr@10 %(base)s; the difference lies between %(low)s and %(high)s (95 %%).",
             base=base, low=f"{low:+.4f}", high=f"{high:+.4f}")  # fmt: skip


def switched_off(names: tuple[str, ...]) -> Any:
    from indexer.ranking import Weights

    try:
        return Weights().without(names)
    except KeyError as unknown:
        known = ", ".join(Weights().names)
        raise KhotinError(
            "%(name)s is no part of the ranking. Choose among: %(known)s.", name=unknown.args[0], known=known
        ) from None
