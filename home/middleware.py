"""Outermost layers of every request."""
