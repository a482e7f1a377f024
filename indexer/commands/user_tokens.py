"""How does the command line let programs ask in somebody's name?  More commands of `khotin user`."""

import click

from indexer import accounts
from indexer.commands import local, opened
from indexer.commands.user import written_down
from indexer.errors import KhotinError
from indexer.speech import say
from indexer.terminal import Spoken, tell


@click.command("token", cls=Spoken)
@click.argument("name")
@click.option("--for", "program", required=True, help="The program that will use it.")
@click.option("--scope", "scopes", multiple=True, default=("search",), show_default=True,
              type=click.Choice(("search", "export", "restrict")), help="What it may do; may be repeated.")  # fmt: skip
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True, help="How long it is good.")
def user_token(name: str, program: str, scopes: tuple[str, ...], days: int) -> None:
    """A token with which a program asks in somebody's name; shown once. Example: khotin user token lan --for báo-cáo"""
    from indexer.store import tokens

    with opened() as (store, _), store.write() as connection:
        account = accounts.need(connection, name)
        told = tokens.add(connection, account, program, scopes, days)
        written_down(connection, "make token", "token", account.name, None, {"name": program, "scopes": list(scopes)})
    click.echo(told)


@click.command("tokens", cls=Spoken)
@click.argument("name")
def user_tokens(name: str) -> None:
    """The tokens of an account: number, program, scopes, last day, state. Example: khotin user tokens lan"""
    from indexer.store import tokens

    with opened() as (store, _), store.read() as connection:
        for each in tokens.every(connection, accounts.need(connection, name).id):
            last = local(each.expires_at).partition(" ")[0]
            state = say("good") if each.is_good else say("revoked") if each.revoked_at else say("expired")
            click.echo(f"{each.id}\t{each.name}\t{' '.join(each.scopes)}\t{last}\t{state}")


@click.command("revoke", cls=Spoken)
@click.argument("name")
@click.argument("number", metavar="ID", type=int)
def user_revoke(name: str, number: int) -> None:
    """Make a token open nothing any more. Example: khotin user revoke lan 3"""
    from indexer.store import tokens

    with opened() as (store, _), store.write() as connection:
        account = accounts.need(connection, name)
        if not tokens.revoke(connection, account.id, number):
            raise KhotinError("“%(name)s” has no such token. `khotin user tokens NAME` shows them.", name=name)
        written_down(connection, "revoke token", "token revoked", account.name)
    tell("The token opens nothing any more.")
