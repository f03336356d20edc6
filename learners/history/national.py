"""One person's training history as the message that the personnel system takes.

The whole list each time, never a part: the receiver deletes what it has of a list and puts in
what is sent. The same facts give the same bytes, whoever sends and whenever. Nothing that training
does not need is in it, and never a personal number (docs/decisions/0024-training-histories.md).
"""

import json
from base64 import b64encode
from typing import Any
from uuid import UUID, uuid5

from django.utils import translation

from courses.choices import Topic
from learners.choices import KIND_NAMES, PROVINCE_CODE, Mode
from learners.history.people import Official
from learners.reports.training import Training

WAYS: dict[str, str] = {
    Mode.ONLINE: "Trực tuyến",
    Mode.CLASS: "Lớp học",
    Mode.OUTSIDE: "Học trên hệ thống khác",
    Mode.SELF_STUDY: "Tự bồi dưỡng",
}
"""As a reader elsewhere understands them."""

_MESSAGES = UUID("6f0d5b52-3f0e-5a8e-9d0b-0a4c2f1e7b24")
"""Under which messages get their numbers: the same message has the same one on every machine."""


def envelope(official: Official) -> bytes:
    """The message as it is posted, one line of JSON. For somebody without an obstacle."""
    content = b64encode(_canonical(message(official))).decode()
    return _canonical({"org_Code": PROVINCE_CODE, "jsonContent": content}) + b"\n"


def message(official: Official) -> dict[str, Any]:
    """What the envelope holds."""
    body = {"HOSO_CBCCVC": _record(official)}
    header = {
        "Sender_Code": PROVINCE_CODE,
        "Action_Type": "EDIT",
        "Transaction_ID": str(uuid5(_MESSAGES, _canonical(body).decode())),
    }
    return {"Data": {"Header": header, "Body": body}}


def _record(official: Official) -> dict[str, Any]:
    person, post = official.person, official.post
    return {
        "SoHieuCBCCVC_BNDP": person.staff_number,
        "THONGTINCHUNG": {
            "SoHieuCBCCVC": person.staff_number,
            "HoVaTen": person.full_name,
            "PhanLoaiHoSo": KIND_NAMES[post.staff_kind] if post else "",
            "MaDonViQuanLy": official.managing_code,
            "MaDonviSuDung": official.using_code,
        },
        "TRINHDO_DAOTAO_BOIDUONG": _lists(official.training.rows),
    }


def _lists(trainings: list[Training]) -> dict[str, list[dict[str, str]]]:
    """The list of trainings; and of IT certificates only where there is one, for a list that is
    sent replaces the receiver's."""
    lists = {"DS_QUATRINH_DAOTAO_BOIDUONG": sorted((_row(one) for one in trainings), key=_order)}
    certificates = sorted((_it_certificate(one) for one in trainings if _is_it(one)), key=_order)
    return {"DS_TINHOC": certificates, **lists} if certificates else lists


def _row(training: Training) -> dict[str, str]:
    """One training. The first four are codes of national catalogues that this site does not
    keep: the receiver reads them, and takes them empty."""
    record = training.record
    paper = training.paper if training.paper is not None and training.paper.is_valid else None
    with translation.override("vi"):
        topic = str(training.topic.label) if training.topic else ""
    return {
        "ChuyenNganhDaoTao": "",
        "TrinhDoDaoTao": "",
        "XepLoaiTotNghiep": "",
        "NuocDaoTao": "",
        "TenKhoaDaoTao": record.title,
        "ChuDe": topic,
        "HinhThucDaoTao": WAYS[record.mode],
        "SoGio": f"{record.hours:f}",
        "TuNgay": training.begun_on.isoformat() if training.begun_on else "",
        "DenNgay": record.completed_on.isoformat(),
        "CoSoDaoTao": training.provider,
        "NguonDuLieu": training.source,
        "SoHieuVanBang": training.number,
        "NgayCap": paper.issued_on.isoformat() if paper else "",
        "CoQuanCap": paper.issued_by if paper else "",
        "SoQuyetDinh": paper.decision_number if paper else "",
        "NgayQuyetDinh": paper.decided_on.isoformat() if paper else "",
    }


def _is_it(training: Training) -> bool:
    """A regulated "chứng chỉ" about digital skills that is in force."""
    paper = training.paper
    return (
        training.topic == Topic.DIGITAL_SKILLS
        and paper is not None
        and paper.is_valid
        and paper.is_regulated
    )


def _it_certificate(training: Training) -> dict[str, str]:
    paper = training.paper
    assert paper is not None  # noqa: S101 - what _is_it said
    return {
        "TrinhDo": "",
        "TenChungChi": training.record.title,
        "SoHieuVanBang": paper.serial,
        "NgayCap": paper.issued_on.isoformat(),
        "CoQuanCap": paper.issued_by,
    }


def _order(row: dict[str, str]) -> tuple[str, bytes]:
    """The oldest first; nothing of it hangs on a key of the database."""
    return row.get("DenNgay", row.get("NgayCap", "")), _canonical(row)


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
