"""Photos made anew."""

import datetime as dt
import io
from contextlib import suppress

import pytest
from PIL import Image, ImageCms

from crm.lib.documents.pdf import PdfUnavailable, load_weasyprint
from crm.lib.pictures import PictureRefused, look_at, made_anew
from tests import uploads

MILLION = 1_000_000


def opened(content):
    return Image.open(io.BytesIO(content))


def anew(content, side=2000):
    return made_anew(content, max_side=side, thumbnail_side=100)


@pytest.mark.rule("P33", "P36")
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_the_pixels_stays(image_format):
    before = uploads.photo(image_format=image_format)
    assert opened(before).getexif().get_ifd(0x8825)  # the position is there
    assert uploads.SECRET.encode() in before

    picture = anew(before)

    for content in (picture.content, picture.thumbnail):
        after = opened(content)
        after.load()
        assert dict(after.getexif()) == {}
        assert not {"exif", "xmp", "comment", "icc_profile"} & set(after.info)
        assert uploads.SECRET.encode() not in content
    assert opened(picture.content).format == image_format


@pytest.mark.parametrize(
    ("orientation", "corner"), [(1, "top left"), (3, "bottom right"), (6, "top right")]
)
def test_the_picture_stands_as_it_was_taken(orientation, corner):
    picture = anew(uploads.photo((640, 480), orientation=orientation))

    image = opened(picture.content)
    right, bottom = image.width - 10, image.height - 10
    places = {"top left": (10, 10), "bottom right": (right, bottom), "top right": (right, 10)}
    red, _green, blue = image.getpixel(places[corner])
    assert (picture.width, picture.height) == ((480, 640) if orientation == 6 else (640, 480))
    assert blue > 200 > red


def test_large_ones_are_scaled_and_small_ones_stay():
    assert (lambda p: (p.width, p.height))(anew(uploads.photo((3000, 1000)), 1500)) == (1500, 500)
    assert (lambda p: (p.width, p.height))(anew(uploads.photo((300, 100)), 1500)) == (300, 100)
    assert opened(anew(uploads.photo((3000, 1000))).thumbnail).size == (100, 33)


def test_what_is_seen_through_stays_so():
    clear = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    file = io.BytesIO()
    clear.save(file, "PNG")

    assert opened(anew(file.getvalue()).content).getpixel((1, 1)) == (0, 0, 0, 0)


def test_colours_of_a_profile_become_the_usual_ones():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file = io.BytesIO()
    Image.new("RGB", (50, 50), "orange").save(file, "PNG", icc_profile=profile)

    after = opened(anew(file.getvalue()).content)

    assert "icc_profile" not in after.info
    assert after.getpixel((1, 1)) == pytest.approx((255, 165, 0), abs=2)


def test_phones_with_several_pictures_in_one_file_are_read():
    images = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    images[0].save(file, "MPO", save_all=True, append_images=images[1:])

    picture = anew(file.getvalue())

    assert opened(picture.content).format == "JPEG"
    assert getattr(opened(picture.content), "n_frames", 1) == 1


def test_size_and_day_are_read_from_the_head():
    facts = look_at(uploads.photo((640, 480)), max_pixels=MILLION)

    assert (facts.width, facts.height, facts.taken_on) == (640, 480, dt.date(2026, 7, 1))


def test_a_picture_without_a_day_has_none():
    file = io.BytesIO()
    Image.new("RGB", (5, 5)).save(file, "PNG")

    assert look_at(file.getvalue(), max_pixels=MILLION).taken_on is None


@pytest.mark.rule("P33")
@pytest.mark.parametrize("size", [(1001, 1000), (20_000, 20_000)])
def test_too_many_pixels_are_refused_before_unpacking(size):
    file = io.BytesIO()
    Image.new("1", size).save(file, "PNG")  # a few kilobytes

    with pytest.raises(PictureRefused) as refusal:
        look_at(file.getvalue(), max_pixels=MILLION)

    assert refusal.value.code == "picture_too_large"


@pytest.mark.rule("P33")
def test_broken_pictures_are_refused():
    whole = uploads.photo()
    with suppress(PdfUnavailable):
        load_weasyprint()  # which would have torn pictures filled up

    with pytest.raises(PictureRefused):
        look_at(whole[:20], max_pixels=MILLION)
    with pytest.raises(PictureRefused):
        anew(whole[: len(whole) // 2])
