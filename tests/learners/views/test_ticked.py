"""Ticks as hurried and hostile people send them."""

from django.test import RequestFactory

from learners.views.ticked import ticked_keys


def test_nonsense_among_the_ticks_is_left_out():
    sent = ["7", "", "x", "-3", "٣", "9" * 400, "12"]
    assert ticked_keys(RequestFactory().post("/", {"row": sent}), "row") == [7, 12]
