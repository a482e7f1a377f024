"""How does the command line speak?  Help, complaints and progress in the language of the terminal."""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NoReturn

import click

from indexer.errors import KhotinError
from indexer.speech import say

EXAMPLE = "Example:"


def fail(sentence: str, code: int = 1) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(code)


def tell(message: str, **values: Any) -> None:
    click.echo(say(message, **values))


@contextmanager
def bar(length: int | None = None, label: str = "") -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, silence elsewhere; call it with how much is done."""
    with click.progressbar(length=length or 0, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        done = 0

        def advance(now: int) -> None:
            nonlocal done
            shown.update(now - done)
            done = now

        yield advance


class Spoken(click.Command):
    """A command whose help is in the language of the terminal; its texts in the code are English."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), say("Usage:") + " ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        text, example = described(self)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(say(text))
            if example:
                formatter.write_paragraph()
                formatter.write_text(f"{say(EXAMPLE)} {example}")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option) and not each.hidden]
        with formatter.section(say("Options")):
            formatter.write_dl([(spelled(each, ctx), explained(each, ctx)) for each in options])
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        return say(described(self)[0])


class Front(Spoken, click.Group):
    """A group of commands; every mistake is one plain sentence on stderr, with exit code 1 or (in the typing) 2."""

    command_class = Spoken
    group_class = type

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(say("Commands")):
            named = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
            formatter.write_dl([(name, command.get_short_help_str()) for name, command in named if command])

    def main(self, *arguments: Any, **options: Any) -> Any:
        run = partial(super().main, *arguments, **options | {"standalone_mode": False})
        if not options.get("standalone_mode", True):
            return run()
        try:
            sys.exit(run() or 0)
        except click.exceptions.NoArgsIsHelpError as problem:
            fail(problem.format_message(), 2)
        except click.ClickException as problem:
            fail(complaint(problem), problem.exit_code)
        except click.Abort:
            fail(say("Stopped."))

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except KhotinError as problem:
            fail(str(problem))
        except BrokenPipeError:  # the reader of our output has gone, as `| head` does
            sys.stderr.close()
            sys.exit(1)


def described(command: click.Command) -> tuple[str, str]:
    """What a command does, and the example of its use, apart."""
    text, _, example = inspect.cleandoc(command.help or "").partition(EXAMPLE)
    return " ".join(text.split()), " ".join(example.split())


def spelled(option: click.Option, ctx: click.Context) -> str:
    record = option.get_help_record(ctx)
    return record[0] if record else ""


def explained(option: click.Option, ctx: click.Context) -> str:
    """What an option is for, with its default and range."""
    told = say(option.help) if option.help else ""
    extra = option.get_help_extra(ctx)
    more = [say("default: %(value)s", value=extra["default"])] if "default" in extra else []
    more += [extra["range"]] if "range" in extra else []
    more += [say("required")] if "required" in extra else []
    return " ".join(filter(None, (told, f"[{'; '.join(more)}]" if more else "")))


def complaint(problem: click.ClickException) -> str:
    """What was typed wrongly, and where to read how it is done."""
    match problem:
        case click.exceptions.NoSuchCommand():
            told = say("There is no command “%(name)s”.", name=problem.command_name)
        case click.NoSuchOption():
            told = say("There is no option “%(name)s”.", name=problem.option_name)
        case click.MissingParameter(param=click.Parameter() as param):
            told = say("%(name)s is missing.", name=shown(param, problem.ctx))
        case click.BadParameter(param=click.Parameter() as param):
            told = say("%(name)s: what was given cannot be used.", name=shown(param, problem.ctx)) + " " + wanted(param)
        case _:
            told = problem.format_message()
    path = problem.ctx.command_path if isinstance(problem, click.UsageError) and problem.ctx else "khotin"
    return f"{told.strip()} {say('Help: %(command)s', command=f'{path} --help')}"


def shown(param: click.Parameter, ctx: click.Context | None) -> str:
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.make_metavar(ctx or click.get_current_context())


def wanted(param: click.Parameter) -> str:
    """What a parameter takes, in a sentence; empty when that goes without saying."""
    match param.type:
        case click.Choice(choices=choices):
            return say("Choose among: %(choices)s.", choices=", ".join(map(str, choices)))
        case click.IntRange(min=least, max=most):
            return say("Write a whole number from %(least)s to %(most)s.", least=least, most=most)
        case click.types.IntParamType():
            return say("Write a whole number.")
        case click.types.FloatParamType():
            return say("Write a number.")
        case click.Path() | click.File():
            return say("Name a file that can be read.")
        case _:
            return ""
