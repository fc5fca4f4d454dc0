"""Photos made anew: turned as they were taken, scaled, without anything but what one sees.

Where a photo was taken, with which phone, and whatever else hides behind the pixels stays out
(P33, P36). Nothing of the file that came is ever given out.
"""

import datetime as dt
import io
import struct
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from crm.lib.exceptions import DomainError

FORMATS = ("JPEG", "PNG", "WEBP")  # MPO, what many phones make, is opened as JPEG
QUALITY = 85
THUMBNAIL_QUALITY = 78
EXIF_PART = 0x8769
TAKEN_AT = 0x9003  # in that part: "2026:11:22 09:30:00"
# What broken and hostile files make of a decoder.
UNREADABLE = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError,
    ZeroDivisionError, MemoryError, struct.error, Image.DecompressionBombError,
)  # fmt: skip


class PictureRefused(DomainError):
    code = "picture_broken"


@dataclass(frozen=True)
class PictureFacts:
    """Pixels as they lie in the file, before it is turned; the day the camera says."""

    width: int
    height: int
    taken_on: dt.date | None

    @property
    def pixels(self) -> int:
        return self.width * self.height


@dataclass(frozen=True)
class Picture:
    """`content` in the format of the file that came, `thumbnail` as WebP."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int


def look_at(content: bytes, *, max_pixels: int) -> PictureFacts:
    """Size and day from the head of the file; nothing is unpacked.

    PictureRefused for one that is broken or has more than `max_pixels`.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            facts = PictureFacts(image.width, image.height, _taken_on(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(max_pixels) from None
    except UNREADABLE as error:
        raise _broken() from error
    if facts.pixels > max_pixels:
        raise _too_many_pixels(max_pixels)
    return facts


def made_anew(content: bytes, *, max_side: int, thumbnail_side: int) -> Picture:
    """The picture, its longer side at most `max_side` pixels; PictureRefused when it is broken."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            image_format = "JPEG" if image.format == "MPO" else image.format or ""
            image.draft("RGB", (max_side, max_side))  # a JPEG is unpacked no larger than needed
            clean = _clean(image, max_side)
            small = clean.copy()
            small.thumbnail((thumbnail_side, thumbnail_side), Image.Resampling.LANCZOS)
            return Picture(
                content=_written(clean, image_format, QUALITY),
                thumbnail=_written(small, "WEBP", THUMBNAIL_QUALITY),
                width=clean.width,
                height=clean.height,
            )
    except UNREADABLE as error:
        raise _broken() from error


def _clean(image: Image.Image, max_side: int) -> Image.Image:
    """The pixels alone, in a picture that never knew anything else."""
    upright = ImageOps.exif_transpose(image)
    upright = _in_usual_colours(upright)
    mode = "RGBA" if upright.has_transparency_data else "RGB"
    pixels = upright.convert(mode)
    pixels.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    clean = Image.new(mode, pixels.size)
    clean.paste(pixels)
    return clean


def _in_usual_colours(image: Image.Image) -> Image.Image:
    """Phones have colours of their own; without their profile those would look pale."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return image
    return changed or image


def _written(image: Image.Image, image_format: str, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, image_format, quality=quality, optimize=True)
    return file.getvalue()


def _taken_on(image: Image.Image) -> dt.date | None:
    try:
        text = str(image.getexif().get_ifd(EXIF_PART).get(TAKEN_AT, ""))
        return dt.date.fromisoformat(text[:10].replace(":", "-"))
    except UNREADABLE:
        return None


def _broken() -> PictureRefused:
    return PictureRefused(_("This picture is broken: it cannot be opened."))


def _too_many_pixels(max_pixels: int) -> PictureRefused:
    return PictureRefused(
        _("This picture has too many pixels; at most %(most)s million are taken.")
        % {"most": max_pixels // 1_000_000},
        code="picture_too_large",
    )
