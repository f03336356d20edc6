"""Who may know whom: docs/decisions/0001-import-direction.md."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

APPS = ["courses", "learners", "certificates", "home"]
LOWER_AND_HIGHER = [(app, APPS[number + 1 :]) for number, app in enumerate(APPS[:-1])]


def test_imports_keep_to_their_floors():
    """In a process of its own: it sets up logging anew and silences what others listen to."""
    lint_imports = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint_imports, "--no-cache"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def quotes(text: str, apps: list[str]) -> bool:
    """Whether a text names something inside one of these apps: a label, an address, a file."""
    return re.search(rf"(?<![\w.:/-])({'|'.join(apps)})[.:/]\w", text) is not None


def strings(source: Path) -> Iterator[tuple[int, str]]:
    """Every string of a Python file except docstrings, which may explain."""
    tree = ast.parse(source.read_text())
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


@pytest.mark.parametrize(("app", "higher"), LOWER_AND_HIGHER)
def test_lower_app_does_not_quote_a_higher_one(app, higher):
    """A name in a string is an import in disguise, as "home.HomePage" or "certificates:check"."""
    folder = settings.BASE_DIR / app
    found = [
        f"{source.relative_to(settings.BASE_DIR)}:{line} {text!r}"
        for source in sorted(folder.rglob("*.py"))
        if "migrations" not in source.parts
        for line, text in strings(source)
        if quotes(text, higher)
    ]
    found += [
        str(template.relative_to(settings.BASE_DIR))
        for template in sorted((folder / "templates").rglob("*.*"))
        if quotes(template.read_text(), higher)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("home.HomePage", True),
        ("certificates:check", True),
        ("certificates/pdf/completion.html", True),
        ("{% include 'home/card.html' %}", True),
        ("at home. Then", False),
        ("https://example.vn/home/page", False),
        ("learners.Person", False),
    ],
)
def test_quotation_is_a_name_inside_an_app(text, caught):
    assert quotes(text, ["certificates", "home"]) is caught


@pytest.mark.parametrize("module", ["bench.work", "bench.world", "faults.scripts", "load.journey"])
def test_what_runs_by_hand_still_knows_the_names_it_uses(module):
    """`make bench`, `make faults` and `make load` are not part of this suite."""
    importlib.import_module(f"tests.{module}")
