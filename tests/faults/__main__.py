"""Each fault in turn, then what holds. Half an hour on two cores, in a folder of its own."""

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.faults import embedded, scaled_out
from tests.faults.report import Row


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--only", default="", help="Only the faults with this in their name, as the table gives it."
    )
    options.add_argument("--cuts", type=int, default=50, help="How many power cuts.")
    asked = options.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        Path(folder).chmod(0o711)
        for world in (embedded.World, scaled_out.World):
            faults = [name for name in world.faults() if asked.only in f"{world.title}: {name}"]
            if not faults:
                continue
            sys.stdout.write(f"{world.title}: being built\n")
            site = world(Path(folder), cuts=asked.cuts)
            try:
                for name in faults:
                    fault = site.faults()[name].__get__(site)
                    rows += [run(f"{world.title}: {name}", fault)]
                    # What a broken fault left running would spoil the next one.
                    site.end_all()
            finally:
                site.close()
    sys.stdout.write("\n" + "\n".join(row.line() for row in [Row.head(), *rows]) + "\n")
    return 0 if all(row.fine for row in rows) else 1


def run(name: str, fault: Callable[[], str]) -> Row:
    begun = time.monotonic()
    try:
        row = Row(name, fault(), fine=True)
    except Exception as error:  # noqa: BLE001  one fault's failure does not hide the others
        traceback.print_exc()
        row = Row(name, f"{type(error).__name__}: {error}"[:300], fine=False)
    row.seconds = time.monotonic() - begun
    sys.stdout.write(row.line() + "\n")
    sys.stdout.flush()
    return row


if __name__ == "__main__":
    raise SystemExit(main())
