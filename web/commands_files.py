"""How does the command line write answers and reports as files?"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click

from indexer.commands import need_settings, opened
from indexer.errors import KhotinError
from indexer.query import SORTS, Query
from indexer.speech import command_language, say
from indexer.terminal import Spoken, bar, fail, tell

# As web.taking.formats has them, which is read only when it is needed.
TAKEN_AS = ("csv", "jsonl", "txt", "bibtex", "ris", "csl", "vi", "en", "zip")


@click.command(cls=Spoken)
@click.argument("question")
@click.option("--format", "name", type=click.Choice(TAKEN_AS), required=True, help="How the articles are written.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--sort", type=click.Choice(SORTS), help="The order; by article number when left out.")
@click.option("--bom", is_flag=True, help="Begin a CSV so that Excel reads its letters right.")
def export(question: str, name: str, output: Path | None, sort: Any, bom: bool) -> None:
    """All articles that a question counts, as a file. Example: khotin export "nhà ở xã hội" --format csv -o a.csv"""
    from indexer.taking import gather
    from indexer.wordbook import glossary_of
    from web.taking.sending import desk_of, passes, pieces
    from web.taking.stream import Taking, Written, missing

    if name == "zip" and output is None and sys.stdout.isatty():
        raise KhotinError("A ZIP cannot be shown on a terminal. Name a file: -o news.zip")
    settings, told = need_settings(), Written()
    with opened() as (store, engine):
        query = Query(q=question, sort=sort or "relevance")
        gathered = gather(query, store, engine.reading(), glossary_of(store), as_asked=bool(sort))
        with bar(gathered.total * passes(name), say("Exporting")) as advance, written_to(output) as file:
            desk, whole = desk_of(settings, command_language()), settings.export_full_text_of_others
            taking = Taking(gathered, store, desk, whole, adding_up(advance))
            file.writelines(pieces(taking, name, told, bom))
    if output:
        tell("%(written)s articles were written to %(file)s.", written=told.written, file=output)
    if told.withheld and name != "zip":
        fail(missing(told, command_language()))
    if told.withheld:
        sentence = "%(withheld)s articles stopped being public meanwhile and were left out; the manifest says so."
        click.echo(say(sentence, withheld=told.withheld), err=True)


@click.command(cls=Spoken)
@click.argument("month", metavar="YYYY-MM")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
def report(month: str, output: Path) -> None:
    """The report of a month, as DOCX or XLSX. Example: khotin report 2026-10 -o bao-cao.docx"""
    from indexer.monthly import month_named
    from web.words_report import form_of, made

    form, first = form_of(output), month_named(month)
    with opened() as (store, _), written_to(output) as file:
        file.write(made(store, need_settings(), first, form, command_language()))
    tell("The report was written to %(file)s.", file=output)


def adding_up(advance: Callable[[int], None]) -> Callable[[int], None]:
    """A bar wants to know how much is done; this is told how much more."""
    done = 0

    def add(more: int) -> None:
        nonlocal done
        done += more
        advance(done)

    return add


@contextmanager
def written_to(output: Path | None) -> Iterator[BinaryIO]:
    """A file that takes its place when it is whole, so that nobody meets half of one; the terminal without a name."""
    if output is None:
        yield sys.stdout.buffer
        return
    aside = output.with_name(f".{output.name}.part")
    try:
        with aside.open("wb") as file:
            yield file
        aside.replace(output)
    except OSError as problem:
        raise KhotinError(
            "%(file)s cannot be written: %(problem)s. Choose another place with -o.",
            file=output,
            problem=problem.strerror or problem,
        ) from None
    finally:
        aside.unlink(missing_ok=True)
