"""Question files of other systems: one reader a format, all giving the same items."""
