"""Figures as pictures, the same in PDF and DOCX."""

import io

from PIL import Image, ImageDraw, ImageFont

from crm.lib.documents.content import Figure

WIDTH, HEIGHT = 1600, 480
MARGIN, FOOT = 20, 60
BAR, BELOW_ZERO, LINE, INK = "#0f5fb3", "#b3261e", "#c3ccd7", "#39424e"


def draw(figure: Figure) -> bytes:
    """A PNG of bars from zero, each with its value above and its label below."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(26)
    floor = HEIGHT - FOOT
    pen.line([(MARGIN, floor), (WIDTH - MARGIN, floor)], fill=LINE, width=3)
    highest = max([abs(value) for value in figure.values] or [0]) or 1
    step = (WIDTH - 2 * MARGIN) / max(len(figure.values), 1)
    for number, (label, value) in enumerate(zip(figure.labels, figure.values, strict=True)):
        left = MARGIN + number * step
        top = floor - abs(value) / highest * (floor - 60)
        box = [left + step * 0.2, top, left + step * 0.8, floor]
        pen.rectangle(box, fill=BAR if value >= 0 else BELOW_ZERO)
        middle = left + step / 2
        pen.text((middle, top - 8), f"{value:,.0f}", fill=INK, font=font, anchor="mb")
        pen.text((middle, floor + 12), label, fill=INK, font=font, anchor="mt")
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
