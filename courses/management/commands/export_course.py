"""Write a whole course down as one zip."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.course_shape import CannotCarry
from courses.exports.course_zip import write_course_zip
from courses.models import CoursePage


class Command(BaseCommand):
    help = "Write a course with its pictures, files, packages and questions to a zip."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("course", help="The course's short name, as in its address.")
        parser.add_argument("file", type=Path, help="The zip to be written.")

    def handle(self, *, course: str, file: Path, **options: Any) -> None:
        found = CoursePage.objects.filter(slug=course).first()
        if found is None:
            raise CommandError(f"There is no course with the short name {course}.")
        try:
            with file.open("wb") as out:
                write_course_zip(found, out)
        except CannotCarry as held:
            file.unlink()
            raise CommandError(f"The course holds what the zip has no place for: {held}.") from held
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{found.title}: {file}")
