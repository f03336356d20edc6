"""What somebody learnt, in the shape of the national personnel data (docs/training-history.md)."""
