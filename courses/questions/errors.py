"""What is said of a question that cannot be asked."""

from django.core.exceptions import ValidationError


class QuestionError(ValueError):
    """A question that cannot be asked; str() says what is wrong and how to mend it."""

    def as_validation_error(self) -> ValidationError:
        return ValidationError(str(self))
