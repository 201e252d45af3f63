"""The exact checks: one file each, all of the form ``check_x(comparison) -> Finding``."""
