"""Files as people hand them in, and as attackers do."""

import io
import zipfile

from docx import Document
from openpyxl import Workbook
from PIL import Image

# "N 45° 45' 0", E 126° 38' 0"": Harbin.
LATITUDE, LONGITUDE = (45.0, 45.0, 0.0), (126.0, 38.0, 0.0)
SECRET = "SECRET-OWNER"  # stands in comments and EXIF, never in the pixels
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


def photo(size=(640, 480), *, image_format="JPEG", orientation=1, mode="RGB", colour="red"):
    """A picture whose top left corner is blue, with position, owner and day in its EXIF."""
    image = Image.new(mode, size, colour)
    image.paste("blue", (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = SECRET
    exif.get_ifd(0x8769)[0x9003] = "2026:07:01 09:30:00"
    position = exif.get_ifd(0x8825)
    position.update({1: "N", 2: LATITUDE, 3: "E", 4: LONGITUDE})
    file = io.BytesIO()
    options = {"comment": SECRET.encode()} if image_format == "JPEG" else {}
    image.save(file, image_format, exif=exif, **options)
    return file.getvalue()


def docx(text="Agreement"):
    document = Document()
    document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def xlsx():
    file = io.BytesIO()
    Workbook().save(file)
    return file.getvalue()


def archive(**files):
    """A ZIP archive; names are written with `__` for a dot."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "."), content)
    return file.getvalue()


def added_to(content, name, part):
    """The office file with one more part in it."""
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as made:
        made.writestr(name, part)
    return file.getvalue()


def compound(*streams):
    """The head of an old office file with a directory of these streams."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    directory = b""
    for name in ("Root Entry", *streams):
        text = name.encode("utf-16-le") + b"\0\0"
        directory += text.ljust(64, b"\0") + len(text).to_bytes(2, "little") + bytes(62)
    return header + directory.ljust(1024, b"\0")
