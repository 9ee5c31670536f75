"""The group of commands, and how what goes wrong becomes a message and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

import click

from cli.backtest import backtest
from cli.calibrate import calibrate
from cli.compare import compare
from cli.evidence import evidence
from cli.keys import keys
from cli.models import models
from cli.outlook import outlook_command
from cli.output import CheckFailedError, ExitCode, say
from cli.priors import priors
from cli.refit import refit
from cli.report import report
from cli.score import score
from cli.serve import serve
from cli.study import study
from cli.surprise import surprise_command
from cli.sweep import sweep
from cli.what_if import what_if_command
from cli.workplace import Workplace
from model.archive import ArchiveError, ArchiveUnwritableError, VersionNameError
from model.files.errors import FilesError, NotWritableError, reason_of
from model.fit.errors import InferenceError, UnfitSamplingError
from model.risk.errors import RiskError, RiskTableError
from priors.errors import PriorsError

OURS = frozenset({"defection_risk", "model", "priors", "service"})
REMEDY = "pip install 'defection-risk[fit]'"


class Commands(click.Group):
    """A group whose errors end in one clear line and the exit code of their kind."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] in OURS:
                raise
            say(f"error: only what serves is installed, and this command needs {error.name} too: {REMEDY}")
            ctx.exit(ExitCode.USAGE)
        except Exception as error:
            code = _exit_code(error)
            if code is None:
                raise
            say(f"error: {error}")
            ctx.exit(code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="defection-risk", prog_name="defection-risk")
@click.option(
    "--home",
    envvar="DEFECTION_RISK_HOME",
    default="var",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the archive of fitted versions; also DEFECTION_RISK_HOME.",
)
@click.option(
    "--study",
    "named",
    envvar="DEFECTION_RISK_STUDY",
    metavar="NAME|FOLDER",
    help="The study, by name or as a folder; also DEFECTION_RISK_STUDY.",
)
@click.pass_context
def commands(ctx: click.Context, home: Path, named: str | None) -> None:
    """Estimate how likely members of armed forces are to defect, from claims and evidence.

    What is made (by refit, priors, evidence, calibrate, backtest, sweep) is made of the study as its folder states it
    today. What is asked (by score, outlook, surprise, what-if, report, models show) is answered by a version: the
    current one, or the newest of the --study that is stated.

    Data goes to standard output, talk and progress to standard error. Exit codes: 0 done, 1 unexpected, 2 usage,
    3 bad data, 4 a check failed (nothing promoted), 5 archive damaged.
    """
    ctx.obj = Workplace(home, named)


for command in (
    study,
    refit,
    report,
    compare,
    score,
    outlook_command,
    surprise_command,
    what_if_command,
    serve,
    keys,
    models,
    priors,
    evidence,
    calibrate,
    backtest,
    sweep,
):
    commands.add_command(command)


def main() -> None:
    """Run the command line; what goes wrong ends with one line and a code."""
    code = _run()
    try:
        _flush()
    except OSError:
        # Told already, and Python would try again on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _run() -> int | None:
    try:
        # Out of standalone mode the exit code that a command asked for comes back as the value.
        code: int | None = commands.main(standalone_mode=False)
        _flush()
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE if isinstance(error, click.UsageError) else ExitCode.UNEXPECTED
    except (click.Abort, KeyboardInterrupt):
        say("stopped; nothing was written")
        return 130
    except BrokenPipeError:
        return ExitCode.UNEXPECTED
    except OSError as error:
        say(f"error: {_place(error)}{reason_of(error)}")
        return ExitCode.UNEXPECTED
    return code


def _flush() -> None:
    if sys.stdout is not None:  # as it is where it was closed before the start
        sys.stdout.flush()


def _place(error: OSError) -> str:
    """Return the file that the system refused, if it was one; writing to what is open already names none."""
    written = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
    place = error.filename or ("standard output or a temporary file" if written else "")
    return f"{place}: " if place else ""


def _exit_code(error: Exception) -> ExitCode | None:
    """Return the exit code of an error of ours, or None for any other."""
    if isinstance(error, CheckFailedError | InferenceError):
        return ExitCode.CHECK_FAILED
    if isinstance(error, VersionNameError | UnfitSamplingError):
        return ExitCode.USAGE
    if isinstance(error, ArchiveUnwritableError | NotWritableError):
        return ExitCode.UNEXPECTED
    if isinstance(error, ArchiveError | RiskTableError):
        return ExitCode.ARCHIVE_DAMAGED
    if isinstance(error, PriorsError | RiskError | FilesError) or _is_data_error(error):
        return ExitCode.BAD_DATA
    return None


def _is_data_error(error: Exception) -> bool:
    """Whether an error is of the readers of files, which are imported only by the commands that read."""
    names = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
    data_errors = {
        "model.evidence.errors.EvidenceError",
        "model.report.errors.ReportError",
        "model.scoring.errors.ScoringError",
        "service.errors.KeyFileError",
    }
    return bool(names & data_errors)
