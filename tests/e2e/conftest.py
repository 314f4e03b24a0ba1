"""What the tests of whole systems get."""

from .measured import (  # noqa: F401
    figures,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
)
from .processes import (  # noqa: F401
    configure_event_loop,
    enable_event_loop_debug,
    stage,
    verify_cleanup,
)
