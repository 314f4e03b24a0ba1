"""The programs that developers and CI run: set-up, tests, a laboratory Home Assistant."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - it may be any Python that the machine has
    sys.exit("the scripts need a python3 of at least 3.11 to start from")
