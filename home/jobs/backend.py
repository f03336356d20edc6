"""Placeholder until the outbox is written."""

from django_tasks.backends.immediate import ImmediateBackend as JobBackend

__all__ = ["JobBackend"]
