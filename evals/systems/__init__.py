"""Adapters: who answers the cases. Each turns one kind of system into a `SystemUnderTest`."""
