"""Refuse to start on settings that would hurt, each with a hint how to mend it."""
