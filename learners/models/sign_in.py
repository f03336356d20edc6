"""Wrong passwords, counted where no outage of a cache forgets them."""

from django.db import models


class SignInFailure(models.Model):
    """One try that did not open an account, for as long as it counts. Neither the name that was
    typed nor the address stands here: keyed hashes of them do.

    A row is written before the password is looked at and taken away when it is right, so that
    many tries at once do not overtake their own count.
    """

    counted = models.CharField(max_length=64, help_text="Hash of the account, or of nobody's name.")
    address = models.CharField(max_length=64, help_text="Hash of where it came from.")
    at = models.DateTimeField(auto_now_add=True)
    is_told = models.BooleanField(default=False, help_text="The log has heard of this lock.")

    class Meta:
        indexes = [
            models.Index(fields=["counted", "at"], name="failures_of_one_account"),
            models.Index(fields=["address", "at"], name="failures_from_one_address"),
        ]
