"""Starts the web page: settings -> archive -> assistant -> page."""

from __future__ import annotations

from assistant import Assistant, Settings
from assistant.logs import quiet_logs
from assistant.ui.server import read_users, serve
from index import Archive


def main() -> None:
    """Serve the archive of the settings until interrupted."""
    quiet_logs()
    settings = Settings()
    with Archive.open(settings.archive) as archive:
        print(f"byline: http://{settings.page_host}:{settings.page_port} (Ctrl+C stops it)")  # noqa: T201
        serve(
            archive,
            Assistant(archive, settings=settings),
            host=settings.page_host,
            port=settings.page_port,
            users=read_users(settings),
        )


if __name__ == "__main__":
    main()
