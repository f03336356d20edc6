"""Real processes, really killed: `make faults`. Prints one table; ends with 1 if anything is
lost, doubled or untold."""
