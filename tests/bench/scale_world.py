"""The rows of one world of two, in a process of its own: one line of JSON for each."""

import json
import sys
from dataclasses import asdict


def main() -> None:
    import django

    django.setup()
    from tests.bench.work import AT_EVERY_SIZE, measure

    for row in measure(AT_EVERY_SIZE, sys.argv[1]):
        sys.stdout.write(json.dumps(asdict(row)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
