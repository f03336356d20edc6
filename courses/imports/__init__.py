"""Courses that were written elsewhere, as folders of Markdown with pictures."""
