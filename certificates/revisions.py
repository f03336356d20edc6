"""What signing may add to a paper, and what it may not.

A signed file begins with the paper, byte for byte; yet what a reader shows is its last revision,
which could draw another name over the same beginning.
"""

import io

import pikepdf

MAY_DIFFER = ("/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Perms", "/Version")
"""Of the catalogue: the form with the signatures, their proofs, what writers say of themselves."""


def adds_signatures_alone(signed: bytes, paper: bytes) -> bool:
    """Whether a file that begins with the paper shows the paper, with signatures and no more."""
    try:
        with pikepdf.open(io.BytesIO(paper)) as old, _opened(signed) as new:
            return _keeps_all(old, new) and _has_signatures_alone(new)
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError):
        return False


def _opened(signed: bytes) -> pikepdf.Pdf:
    """Nothing is guessed of a broken file: readers would guess otherwise."""
    return pikepdf.open(io.BytesIO(signed), attempt_recovery=False)


def _keeps_all(old: pikepdf.Pdf, new: pikepdf.Pdf) -> bool:
    """Every object of the paper is there as it was; the catalogue and the page have no more than
    signatures need."""
    if new.Root.objgen != old.Root.objgen or len(new.pages) != len(old.pages):
        return False
    about = [old.trailer.get("/Info"), old.Root.get("/Metadata")]
    apart = [*about, old.Root, *(page.obj for page in old.pages)]
    others = {thing.objgen for thing in apart if thing is not None}
    return (
        _without(old.Root, *MAY_DIFFER) == _without(new.Root, *MAY_DIFFER)
        and all(
            was.obj.objgen == now.obj.objgen
            and _without(was.obj, "/Annots") == _without(now.obj, "/Annots")
            for was, now in zip(old.pages, new.pages, strict=True)
        )
        and all(
            _written(thing) == _written(new.get_object(thing.objgen))
            for thing in old.objects
            if thing.is_indirect and thing.objgen not in others
        )
    )


def _has_signatures_alone(new: pikepdf.Pdf) -> bool:
    """No note, picture or field on the page but signatures."""
    form = new.Root.get("/AcroForm", pikepdf.Dictionary())
    shown = [note for page in new.pages for note in page.obj.get("/Annots", [])]
    return (
        "/XFA" not in form
        and all(_is_signature(field) for field in form.get("/Fields", []))
        and all(note.get("/Subtype") == "/Widget" and _is_signature(note) for note in shown)
    )


def _is_signature(field: pikepdf.Object) -> bool:
    above = field.get("/Parent", pikepdf.Dictionary())
    return bool(field.get("/FT", above.get("/FT")) == "/Sig")


def _without(thing: pikepdf.Object, *names: str) -> bytes:
    kept = {name: value for name, value in thing.items() if name not in names}
    return pikepdf.Dictionary(kept).unparse()


def _written(thing: pikepdf.Object) -> bytes:
    if not isinstance(thing, pikepdf.Stream):
        return thing.unparse(resolved=True)
    return _without(thing.stream_dict) + thing.read_raw_bytes()
