"""How does the command line make, change and disable accounts?"""

import sys
from typing import Any

import click

from indexer import access, accounts
from indexer.commands import local, need_settings, opened
from indexer.errors import KhotinError
from indexer.speech import say
from indexer.terminal import Front, tell


@click.group(cls=Front)
def user() -> None:
    """Who may sign in, and with what. Example: khotin user add lan --role editor

    \b
    khotin user add lan --role editor         a new account; asks for its password
    khotin user reset lan --second-factor     the telephone is lost
    khotin user token lan --for báo-cáo       a program may ask in her name
    """


def written_down(connection: Any, action: str, kind: str, name: str, before: Any = None, after: Any = None) -> None:
    """A change of an account, into the log of decisions and the security log."""
    from indexer.store import events

    access.decide(connection, "command line", action, f"account {name}", "", before, after)
    events.note(connection, kind, name, "command line", days=need_settings().security_log_days)


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(accounts.ROLES), default="admin", show_default=True)
@click.option("--department", "shorts", multiple=True, help="Looks after this department alone; may be repeated.")
def user_add(name: str, role: str, shorts: tuple[str, ...]) -> None:
    """A new account; the password is asked for, or read from stdin. Example: khotin user add lan"""
    password = asked_password()
    with opened(create=True) as (store, _), store.write() as connection:
        accounts.add(connection, name, password, role)
        written_down(connection, "add account", "made", name, None, {"role": role})
        if shorts:
            bind(connection, name, shorts)
    tell("Account “%(name)s” was added.", name=name)


def asked_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt(say("Password"), hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


@user.command("list")
def user_list() -> None:
    """All accounts, a line each. Example: khotin user list"""
    from indexer import second_factor

    with opened() as (store, _), store.read() as connection:
        for each in accounts.every(connection):
            factor = say("second factor") if second_factor.is_on(connection, each.id) else "-"
            last = local(each.signed_in_at).partition(" ")[0]
            click.echo(f"{each.name}\t{each.role}\t{factor}\t{last}\t{say('disabled') if each.disabled_at else ''}")


@user.command("reset")
@click.argument("name")
@click.option("--second-factor", is_flag=True, help="Take the second factor off; the password stays.")
def user_reset(name: str, second_factor: bool) -> None:
    """A new password for an account. Example: khotin user reset lan"""
    if second_factor:
        take_factor_off(name)
        return
    with opened() as (store, _):
        with store.read() as connection:
            accounts.need(connection, name)
        password = asked_password()
        with store.write() as connection:
            accounts.reset(connection, name, password)
            written_down(connection, "change password", "password", accounts.need(connection, name).name)
    tell("The password of “%(name)s” was changed.", name=name)


def take_factor_off(name: str) -> None:
    from indexer import second_factor

    with opened() as (store, _), store.write() as connection:
        account = accounts.need(connection, name)
        if not second_factor.remove(connection, account.id):
            raise KhotinError("“%(name)s” has no second factor.", name=name)
        before, after = {"second_factor": True}, {"second_factor": False}
        written_down(connection, "take second factor off", "second factor off", account.name, before, after)
    tell("The second factor of “%(name)s” was taken off.", name=name)


@user.command("disable")
@click.argument("name")
def user_disable(name: str) -> None:
    """No more signing in for an account. Example: khotin user disable lan"""
    with opened() as (store, _), store.write() as connection:
        accounts.disable(connection, name)
        found = accounts.need(connection, name).name
        written_down(connection, "disable account", "disabled", found, {"disabled": False}, {"disabled": True})
    tell("Account “%(name)s” was disabled.", name=name)


@user.command("enable")
@click.argument("name")
def user_enable(name: str) -> None:
    """Let a disabled account in again, with its old password. Example: khotin user enable lan"""
    with opened() as (store, _), store.write() as connection:
        accounts.enable(connection, name)
        found = accounts.need(connection, name).name
        written_down(connection, "enable account", "enabled", found, {"disabled": True}, {"disabled": False})
    tell("Account “%(name)s” works again.", name=name)


@user.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(accounts.ROLES))
def user_role(name: str, role: str) -> None:
    """Another role for an account. Example: khotin user role lan editor"""
    with opened() as (store, _), store.write() as connection:
        account = accounts.need(connection, name)
        accounts.change_role(connection, account, role)
        written_down(connection, "change role", "role", account.name, {"role": account.role}, {"role": role})
    tell("Account “%(name)s” is %(role)s now.", name=name, role=role)


def bind(connection: Any, name: str, shorts: tuple[str, ...]) -> None:
    account = accounts.need(connection, name)
    before, after = accounts.bind(connection, account, shorts)
    written_down(connection, "bind account", "bound", account.name, {"departments": before}, {"departments": after})


@user.command("bind")
@click.argument("name")
@click.option("--department", "shorts", multiple=True, help="Looks after this department alone; may be repeated.")
def user_bind(name: str, shorts: tuple[str, ...]) -> None:
    """What an account looks after; none: the whole archive. Example: khotin user bind lan --department soxd"""
    with opened() as (store, _), store.write() as connection:
        bind(connection, name, shorts)
    if shorts:
        tell("Account “%(name)s” looks after: %(departments)s.", name=name, departments=", ".join(shorts))
    else:
        tell("Account “%(name)s” looks after the whole archive.", name=name)
