"""Where log lines go: never to standard output, which belongs to answers."""

from __future__ import annotations

import logging
import sys


def quiet_logs() -> None:
    """Send errors of the libraries to standard error and drop their lesser lines.

    For a command or a server of ours. A program that uses the package sets up logging itself.
    """
    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
