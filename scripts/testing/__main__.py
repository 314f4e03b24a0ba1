"""Set up this clone and run its tests: `scripts/test [--list] [--full] [GROUP]...`."""

import argparse
import sys
from collections.abc import Iterable, Sequence

from .groups import GROUPS, Group
from .runner import run_groups


def main(words: Sequence[str]) -> int:
    """Run what is asked for; exit code 1 when a group failed, 2 when a name is unknown."""
    groups = {group.name: group for group in GROUPS}
    parser = argparse.ArgumentParser(prog="scripts/test", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help="run only these groups")
    parser.add_argument("--list", action="store_true", help="print the groups and stop")
    parser.add_argument("--full", action="store_true", help="run long campaigns in full")
    options = parser.parse_args(words)
    if options.list:
        _print_list(groups.values())
        return 0
    unknown = [name for name in options.groups if name not in groups]
    if unknown:
        parser.error(f"no such group: {', '.join(unknown)} (scripts/test --list)")
    chosen = [group for group in groups.values() if group.name in (options.groups or groups)]
    return 1 if run_groups(chosen, full=options.full) else 0


def _print_list(groups: Iterable[Group]) -> None:
    for group in groups:
        print(f"{group.name:<10}{group.summary}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
