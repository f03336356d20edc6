"""All that proves a class, in one zip that can be checked without this system."""
