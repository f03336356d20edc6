"""Reports and papers are drawn by one library in one process, and keep out of each other's way."""

import os
import subprocess
import sys

from certificates.pdf import render_paper
from tests.certificates.test_pdf import PAPER, ROOT

REPORT_FIRST = """
import sys, django
django.setup()
from home.official_pdf import sheet_pdf
from learners.exports import Column, Sheet
sheet = Sheet(unit="Sở Y tế", name="Danh sách", title="Danh sách", source=["Kỳ 2026"],
              columns=[Column("Họ và tên", 20)], rows=iter([["Hoa"]]), total_label="Tổng: 1")
sheet_pdf(sheet).read()
from certificates.pdf import render_paper
from tests.certificates.test_pdf import PAPER
sys.stdout.buffer.write(render_paper(PAPER))
"""


def test_a_paper_has_the_same_bytes_after_a_report_was_drawn():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    other = subprocess.run(
        [sys.executable, "-c", REPORT_FIRST],
        capture_output=True, check=True, cwd=ROOT, env=environment,
    )  # fmt: skip
    assert other.stdout == render_paper(PAPER)
