"""What a lesson is made of. Rendered by templates/courses/blocks/, without script."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import StructValue
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from courses.choices import QuestionKind
from courses.grading import parse_choices
from courses.questions import QuestionError, parse_typed

RICH_TEXT_FEATURES = [
    "h2",
    "h3",
    "h4",
    "bold",
    "italic",
    "ol",
    "ul",
    "link",
    "document-link",
    "code",
]


# One example a kind, as courses.questions.typed reads them.
TYPED_HELP = _(
    "One a line; > begins the explanation, # on the next line answers whoever chose it, [50]"
    " gives half the mark. Choices: * right, - wrong. True or false: True. Short answer: each"
    " accepted text. Number: 3,14 ± 0,01. Matching: left => right. Putting in order: the right"
    " order. Filling gaps: The capital is {Vinh|Vinh city}, founded in {#1788} by {*Quang"
    " Trung/Gia Long}. Essay: guidance for the marker."
)


class CalloutBlock(blocks.StructBlock):
    tone = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[
            ("remember", _("Remember")),
            ("note", _("Note")),
            ("example", _("Example")),
        ],
        default="remember",
    )
    text = blocks.RichTextBlock(label=_("Text"), features=["bold", "italic", "ol", "ul", "link"])

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        template = "courses/blocks/callout.html"


class PictureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "courses/blocks/picture.html"


class VideoBlock(blocks.StructBlock):
    """A film kept on this site; nothing is loaded before a tap, the transcript counts."""

    title = blocks.CharBlock(label=_("Title"))
    film = DocumentChooserBlock(label=_("Film (MP4)"), required=False)
    link = blocks.URLBlock(
        label=_("Link to a film elsewhere"),
        required=False,
        help_text=_("Opened only when the learner follows it; the site itself asks no other host."),
    )
    poster = ImageBlock(label=_("Still picture"), required=False)
    transcript = blocks.RichTextBlock(label=_("Transcript"), required=False)

    class Meta:
        icon = "media"
        label = _("Video with transcript")
        template = "courses/blocks/video.html"


class FileBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("File"))
    description = blocks.CharBlock(label=_("What it is for"), required=False)

    class Meta:
        icon = "doc-full"
        label = _("File to keep")
        template = "courses/blocks/file.html"


class LessonBody(blocks.StreamBlock):
    text = blocks.RichTextBlock(
        label=_("Text"),
        features=RICH_TEXT_FEATURES,
        template="courses/blocks/text.html",
    )
    picture = PictureBlock()
    video = VideoBlock()
    callout = CalloutBlock()
    table = TypedTableBlock(
        [
            (
                "text",
                blocks.RichTextBlock(label=_("Text"), features=["bold", "italic", "link"]),
            )
        ],
        label=_("Table"),
        icon="table",
        template="courses/blocks/table.html",
    )
    file = FileBlock()
    code = blocks.TextBlock(label=_("Code"), icon="code", template="courses/blocks/code.html")


class QuestionValue(StructValue):
    def parsed(self) -> dict:
        """The question in the frozen shape of courses.questions; without a kind, of the first."""
        if not self.get("kind"):
            return parse_choices(self["stem"], self["choices"])
        return parse_typed(self["kind"], self["stem"], self["choices"])


class QuestionBlock(blocks.StructBlock):
    """A question typed as an author thinks of it: one choice a line."""

    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=QuestionKind.choices,
        required=False,
        help_text=_("Empty: choices, all or nothing."),
    )
    stem = blocks.TextBlock(label=_("Question"), rows=2)
    choices = blocks.TextBlock(
        label=_("Choices or answers"),
        rows=6,
        help_text=TYPED_HELP,
    )

    def clean(self, value: QuestionValue) -> QuestionValue:
        cleaned = super().clean(value)
        try:
            cleaned.parsed()
        except QuestionError as error:
            raise blocks.StructBlockValidationError(
                block_errors={"choices": error.as_validation_error()}
            ) from error
        return cleaned

    class Meta:
        icon = "help"
        label = _("Question")
        value_class = QuestionValue
        template = "courses/blocks/question_preview.html"
