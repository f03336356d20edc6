"""From the home page to a verified certificate, in a real browser; then both goals moved."""

import re
from datetime import date

import pytest
from playwright.sync_api import Browser, Page

from certificates.models import Certificate
from home.demo.cast import PASSWORD
from learners.actions.recounting import differences
from learners.models import ReportingPeriod
from tests.journeys.conftest import COURSE

pytestmark = pytest.mark.browser


def visit(chromium: Browser, *, javascript: bool = True) -> Page:
    """A phone of its own, 360 pixels wide."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=javascript
    )
    context.set_default_timeout(10_000)
    return context.new_page()


def sign_in(page: Page, name: str) -> None:
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    page.click("main form .btn:not(.btn-quiet)")


def right_answers() -> dict[str, list[str]]:
    """The right choices of each question, as the author typed them."""
    quiz = next(COURSE.glob("*.quiz.md")).read_text("utf-8")
    answers = {}
    for part in re.split(r"^## ", quiz, flags=re.MULTILINE)[1:]:
        stem, *lines = part.splitlines()
        answers[stem.strip()] = [line[2:] for line in lines if line.startswith("* ")]
    return answers


def learn_to_the_end(page: Page) -> None:
    """Press what each page offers next, until the result stands there."""
    answers = right_answers()
    for _step in range(60):
        if "/ket-qua/" in page.url:
            return
        if "/cau/" in page.url:
            for choice in answers[page.inner_text("legend").strip()]:
                page.check(f"label:has-text('{choice}') input")
            page.click("main form .btn:not(.btn-secondary)")
        elif page.locator("main form[method=post] .btn").count():
            page.click("main form[method=post] .btn")
    pytest.fail(f"no end in sight at {page.url}")


def figures(page: Page) -> tuple[int, int]:
    """People reached and participations, as the dashboard shows them."""
    text = page.inner_text("main")
    reached = re.search(r"đã đạt:?\s*([\d.]+)\s*trên", text)
    participations = re.search(r"\n2\. [^\n]*\s+([\d.]+)\s*lượt", text)
    assert reached is not None, text
    assert participations is not None, text
    return int(reached[1].replace(".", "")), int(participations[1].replace(".", ""))


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_hoa_learns_passes_and_both_goals_rise_by_one(world, chromium, live_server, javascript):
    boards = []
    for viewer in ("NA900002", "NA900004"):  # her unit's officer, the province's leader
        board = visit(chromium)
        board.goto(f"{live_server.url}/bao-cao/")
        sign_in(board, viewer)
        boards.append(board)
    before = [figures(board) for board in boards]

    hoa = visit(chromium, javascript=javascript)
    hoa.goto(live_server.url)
    hoa.click("text=Chọn khóa học")
    hoa.click("text=Luật Thương mại điện tử 2025")
    hoa.click("text=Ghi danh khóa học này")
    sign_in(hoa, "0912 345 678")
    hoa.click("text=Ghi danh và bắt đầu học")
    learn_to_the_end(hoa)
    assert "Đạt: 100/100" in hoa.inner_text("h1")
    hoa.click("text=Xem kết quả và giấy chứng nhận")
    paper = hoa.request.get(
        live_server.url + hoa.get_attribute("a:has-text('Mở giấy chứng nhận')", "href")
    )
    assert paper.body().startswith(b"%PDF")

    anybody = visit(chromium)
    anybody.goto(f"{live_server.url}/X/{Certificate.objects.get().code}")
    assert "Giấy chứng nhận này có giá trị" in anybody.inner_text("h1")
    assert "Nguyễn Thị Hoa" in anybody.inner_text("main")

    for board in boards:
        board.reload()
    assert [figures(board) for board in boards] == [(one + 1, two + 1) for one, two in before]
    assert [differences(period) for period in ReportingPeriod.objects.all()] == [[], [], []]
    assert Certificate.objects.get().issued_on >= date(2026, 1, 1)
