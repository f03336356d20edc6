"""Passwords that HR prints and people type once. Pure functions."""

import secrets

_WORDS = """
    ban ben bien binh bong buom buoi cam canh cau chanh che chim chuoi dao dat dau den dua
    duong gao gio gom hoa hoi hong huong khoai lac lan lang lua mai mam mang may mit mua
    nang nem ngo ngoc nha nho nui que rung sach sao sen song suoi tam tau tho thong tim tra
    trang tre trua truong tuoi vai vang voi vuon xanh xoai
""".split()  # noqa: SIM905  eighty quoted words would be harder to read


def temporary_password() -> str:
    """Three plain words and four digits, as "sen-lua-bien-4821": at least 14 characters, and no
    marks, capitals or letters that are misread on paper.

    About 31 bits of chance. That is enough for a few days behind a lock of five tries in a
    quarter of an hour; whoever signs in with it must choose another.
    """
    words = "-".join(secrets.choice(_WORDS) for _ in range(3))
    return f"{words}-{secrets.randbelow(9000) + 1000}"
