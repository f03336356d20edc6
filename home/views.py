"""Health, language and error pages."""
