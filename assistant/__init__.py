"""assistant (see docs/architecture.md)."""
