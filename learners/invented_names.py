"""Names of people who do not exist, as frequent as names are in Nghệ An."""

import random

FAMILIES = {
    "Nguyễn": 330, "Trần": 110, "Lê": 85, "Phan": 60, "Hồ": 55, "Hoàng": 50, "Võ": 38, "Đặng": 34,
    "Cao": 32, "Phạm": 32, "Bùi": 26, "Thái": 20, "Ngô": 20, "Đậu": 18, "Vũ": 16, "Đinh": 15,
    "Dương": 12, "Trương": 14, "Lương": 14, "Lô": 14, "Vi": 12, "Chu": 10, "Hà": 10, "Tạ": 6,
    "Moong": 4, "Cụt": 3, "Xồng": 4, "Lầu": 4, "Già": 3, "Vừ": 3, "Kha": 5, "Lữ": 5, "Mạc": 3,
}  # fmt: skip

WOMEN = {
    "middle": {
        "Thị": 60, "Thị Thu": 6, "Thị Hồng": 6, "Thị Ngọc": 6, "Thị Thanh": 6, "Thị Kim": 4,
        "Thị Minh": 3, "Ngọc": 4, "Thu": 3, "Phương": 3, "Khánh": 2, "Quỳnh": 2, "Diệu": 1,
    },
    "given": {
        "Hoa": 6, "Lan": 6, "Hương": 9, "Hằng": 8, "Hà": 8, "Thủy": 7, "Nga": 5, "Oanh": 5,
        "Linh": 6, "Trang": 7, "Nhung": 5, "Loan": 4, "Tâm": 5, "Yến": 4, "Mai": 5, "Vân": 4,
        "Phương": 5, "Thảo": 5, "Hạnh": 4, "Huyền": 5, "Nguyệt": 2, "Ánh": 3, "Dung": 4, "Hiền": 6,
        "Ươm": 1, "Sen": 1, "Quyên": 2, "Lệ": 2, "Thơm": 2, "Liên": 3, "Xuân": 2, "Giang": 2,
    },
}  # fmt: skip

MEN = {
    "middle": {
        "Văn": 50, "Đình": 10, "Xuân": 8, "Đức": 8, "Hữu": 8, "Công": 5, "Quang": 6, "Minh": 5,
        "Ngọc": 5, "Anh": 3, "Trọng": 4, "Bá": 6, "Sỹ": 5, "Viết": 4, "Hồng": 3, "Quốc": 4,
    },
    "given": {
        "Hùng": 8, "Dũng": 7, "Tuấn": 8, "Nam": 6, "Sơn": 7, "Hải": 7, "Minh": 5, "Đức": 5,
        "Thắng": 7, "Cường": 6, "Long": 5, "Quân": 4, "Thành": 6, "Trung": 5, "Hòa": 4, "Bình": 5,
        "An": 3, "Đạt": 3, "Khánh": 3, "Lâm": 3, "Phúc": 3, "Tài": 3, "Thịnh": 3, "Toàn": 4,
        "Vinh": 4, "Giáp": 2, "Kiên": 3, "Lực": 2, "Mạnh": 4, "Nghĩa": 3, "Ước": 1, "Pó": 1,
    },
}  # fmt: skip


PUBLIC_FIGURES = {
    "Bùi Đình Long", "Lê Hồng Vinh", "Nguyễn Đức Trung", "Nguyễn Quang Hải", "Nguyễn Trọng Nghĩa",
    "Nguyễn Văn Thắng", "Nguyễn Xuân Thắng", "Trần Đức Thắng",
    "Trần Quốc Tuấn", "Võ Trọng Hải",
}  # fmt: skip
"""Names that the lists could put together and readers would take for somebody in office."""


def full_name(chance: random.Random) -> str:
    """Family, middle and given name; women and men in about equal numbers."""
    while (name := _full_name(chance)) in PUBLIC_FIGURES:
        pass
    return name


def _full_name(chance: random.Random) -> str:
    person = WOMEN if chance.random() < 0.54 else MEN
    return " ".join(
        (_pick(chance, FAMILIES), _pick(chance, person["middle"]), _pick(chance, person["given"]))
    )


def _pick(chance: random.Random, names: dict[str, int]) -> str:
    return chance.choices(list(names), weights=list(names.values()))[0]
