"""Files that others wrote, read strictly and taken whole or not at all."""
