"""One command for everything around the program: run it, test it, check it, measure it, picture it, lock it.

    python3 packaging/dev.py run [--demo]      the program, or its demonstration caseload; with --role supervisor a team
    python3 packaging/dev.py hub [--port N]    a hub on this computer, to try out what a team does
    python3 packaging/dev.py test [ARGS]       check, then every test (ARGS go to pytest)
    python3 packaging/dev.py check             form, lint, types and import rules
    python3 packaging/dev.py bench [ARGS]      how quick it is: --sizes, --only NAME, --json FILE, --picture FILE
                                               of an exchange: --only exchange --records N,M --peers FOLDER
    python3 packaging/dev.py fuzz [ARGS]       every parser of outside data: --inputs N, --only NAME, --seed S
    python3 packaging/dev.py soak [ARGS]       a team at random work, and what must hold: --seconds N, --seed S
    python3 packaging/dev.py screenshots DIR   every screen and every printed page, as pictures
    python3 packaging/dev.py lock [--upgrade]  the lock files, from pyproject.toml

Needs Python 3.11 or newer and nothing else: each command first makes the environment that it wants in .venv.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # this script is what tells the user so
    sys.exit(f"Advocate Desk needs Python 3.11 or newer; this is Python {sys.version_info[0]}.{sys.version_info[1]}.")

import argparse
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence

import checks
import desktop
import environment
import locks
import system_packages
import trial_hub
from setup_error import SetupError

ROOT = environment.ROOT


def run(arguments: Sequence[str]) -> int:
    """Start the program with `arguments`. Installs what the program needs and nothing of what its makers need.

    The demonstration of a team has a hub of its own, and that needs more.
    """
    system_packages.require_for_windows(os.environ)
    has_hub = any(each.startswith("--role") for each in arguments)
    python = environment.prepare(environment.DEVELOP if has_hub else environment.RUN)
    return call([str(python), "-m", "advocate_desk", *arguments], os.environ)


def hub(arguments: Sequence[str]) -> int:
    """Start a hub on this computer, kept in build/hub, until Ctrl+C."""
    return trial_hub.run(environment.prepare(environment.DEVELOP), arguments)


def test(arguments: Sequence[str]) -> int:
    """Check, then run pytest on a private desktop. Its summary is the last line, whatever the checks said."""
    system_packages.require_for_tests()
    python = environment.prepare(environment.DEVELOP)
    failed_checks = checks.run_all(python)
    if failed_checks:
        say(f"Failed above: {', '.join(failed_checks)}. The tests run all the same.")
    command = [str(python), "-m", "pytest", *side_by_side(arguments, os.cpu_count())]
    with desktop.private_desktop(platform="offscreen") as variables, desktop.quick_room() as room:
        if room:  # a short way there: tests make sockets in it, whose paths may have a hundred characters
            command.append(f"--basetemp={room['TMPDIR']}/t")
        status = call([*command, *arguments], {**variables, **room})
    return status or int(bool(failed_checks))


def side_by_side(arguments: Sequence[str], processors: int | None) -> list[str]:
    """The pytest options that run tests in parallel, or none where the caller chose or wants a debugger."""
    chosen = any(argument.startswith(("-n", "--numprocesses", "--pdb", "--trace")) for argument in arguments)
    return [] if chosen else ["-n", str(max(1, min(processors or 1, 4)))]


def check(_arguments: Sequence[str]) -> int:
    """Form, lint, types and import rules."""
    return int(bool(checks.run_all(environment.prepare(environment.DEVELOP))))


def bench(arguments: Sequence[str]) -> int:
    """Run the benchmarks on a private desktop."""
    system_packages.require_for_tests()
    system_packages.offer_for_bench()
    python = environment.prepare(environment.DEVELOP)
    with desktop.private_desktop(platform="offscreen") as variables:
        return call([str(python), "-m", "tests.benchmarks.run", *arguments], variables)


def fuzz(arguments: Sequence[str]) -> int:
    """Give every parser of outside data inputs that were made to break it."""
    python = environment.prepare(environment.DEVELOP)
    return call([str(python), "-m", "tests.fuzz.run", *arguments], os.environ)


def soak(arguments: Sequence[str]) -> int:
    """Let teams of desks work and exchange at random until the time is up, or until something does not hold."""
    python = environment.prepare(environment.DEVELOP)
    return call([str(python), "-m", "tests.sync.soak", *arguments], {**os.environ, "PYTHONHASHSEED": "0"})


def screenshots(arguments: Sequence[str]) -> int:
    """Write every screen and printed page as PNG files into the folder named first in `arguments`."""
    python = environment.prepare(environment.DEVELOP)
    with desktop.private_desktop(platform="offscreen") as variables:
        return call([str(python), str(ROOT / "packaging" / "screenshots.py"), *arguments], variables)


def lock(arguments: Sequence[str]) -> int:
    """Write the lock files anew; `--upgrade` takes the newest releases that pyproject.toml allows."""
    locks.write(environment.prepare(environment.DEVELOP), upgrade="--upgrade" in arguments)
    return 0


def call(command: Sequence[str], variables: Mapping[str, str]) -> int:
    """Run `command` in the checkout, sharing this terminal; its exit status."""
    try:
        return subprocess.run(command, cwd=ROOT, env=environment.outside(variables), check=False).returncode
    except KeyboardInterrupt:
        return 130


def say(line: str) -> None:
    """One line to the terminal, at once."""
    print(line, flush=True)


COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = {
    "run": run,
    "hub": hub,
    "test": test,
    "check": check,
    "bench": bench,
    "fuzz": fuzz,
    "soak": soak,
    "screenshots": screenshots,
    "lock": lock,
}


def main(arguments: Sequence[str]) -> int:
    """Carry out the command line; the exit status of the process."""
    summary, _, usage = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        prog="dev.py", description=summary, epilog=usage, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(arguments)
    if chosen.command == "screenshots" and len(chosen.arguments) != 1:
        parser.error("screenshots needs the folder to write to")
    try:
        return COMMANDS[chosen.command](chosen.arguments)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
