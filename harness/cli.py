"""The command ``harness``: finds the subcommand, runs it, turns mistakes into one line."""

from __future__ import annotations

import difflib
import importlib
import io
import sys

import click

from harness import __version__
from harness.commands import CLEAN, MISTAKE
from harness.errors import HarnessError

# Each lives in harness/commands/<name>.py as `command`; imported when called, so that `--help`
# and a typo answer at once.
COMMANDS = {
    "accept": "Accept pending output as the new snapshots.",
    "approve": "Approve records as goldens, field by field.",
    "audit": "Plant faults into the records and count what sees them.",
    "capture": "Add a page to the corpus.",
    "check": "Run the extractors over the corpus and say what drifted.",
    "compare": "Say what a change of an extractor did to real pages.",
    "extract": "Show a record, its findings, and unclaimed text.",
    "init": "Add the harness to a project.",
    "lint": "Find what is wrong with corpus and snapshots.",
    "report": "Render a saved run again.",
    "review": "Accept and reject what drifted, in a browser or a terminal.",
    "timestamp": 'Say when a page\'s "2 hours ago" was.',
    "score": "Score extractors, field by field, against goldens.",
    "shrink": "Reduce a page to what makes an extractor fail.",
    "stress": "Mutate pages, and measure which fields survive.",
    "waive": "Let a finding be, and say why.",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            near = difflib.get_close_matches(cmd_name, COMMANDS, 1)
            if near:
                ctx.fail(f"No such command {cmd_name!r}. Did you mean {near[0]!r}?")
            return None
        module = importlib.import_module(f"harness.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: harness check daily8",
)
@click.version_option(__version__, prog_name="harness")
def harness() -> None:
    """Keeps extractors honest: a golden corpus, snapshots and a drift report.

    Exit codes: 0 clean, 1 drift found, 2 something the user has to mend.
    """


def main() -> None:
    """Entry point. Never shows a traceback for a mistake of the user's."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Records hold any character; a terminal or a file in an old encoding does not.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = harness.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = MISTAKE
    except HarnessError as error:
        click.echo(f"harness: {error}", err=True)
        code = MISTAKE
    except (KeyboardInterrupt, click.Abort):
        click.echo("harness: interrupted; what was written until here is whole", err=True)
        code = MISTAKE
    except OSError as error:
        # Where a file is expected to be fine, its reader does not ask; the system still may object.
        where = f" {error.filename}" if error.filename else ""
        click.echo(f"harness: cannot use{where}: {error.strerror or error}", err=True)
        code = MISTAKE
    sys.exit(code or CLEAN)


if __name__ == "__main__":
    main()
