"""How the store's schema got from one version to the next (Alembic)."""

SCHEMA_VERSION = "0001"
"""The newest migration; an archive that says another one is migrated when a writer opens it."""
