"""A day of the wave squeezed into minutes: `make load`. docs/load.md holds what it showed."""
