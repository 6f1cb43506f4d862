"""Pictures of text, drawn with Pillow and Debian's DejaVu fonts; the same for a seed.

PP-OCRv4's own preprocessing (PaddleOCR, tools/infer): BGR; the recogniser's pixels become
(p / 255 - 0.5) / 0.5, the detector's are normalised with ImageNet's mean and deviation.
"""
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = "/usr/share/fonts/truetype/dejavu/"
FACES = ["DejaVuSans.ttf", "DejaVuSerif.ttf", "DejaVuSansMono.ttf", "DejaVuSans-Bold.ttf"]
WORDS = ("the quick brown fox jumps over lazy dog quantized network measured accuracy Invoice "
         "Total Number Street 2024 19.99 Berlin London Paris window garden river mountain "
         "sensor value").split()
LINE = (48, 320)    # what the recogniser reads, height and width
PAGE = (480, 640)   # what the detector reads


def words(rng, most):
    return " ".join(rng.choice(WORDS) if rng.random() < 0.8 else str(rng.randint(0, 99999))
                    for _ in range(rng.randint(1, most)))


def worn(rng, picture):
    """Blur and sensor noise."""
    if rng.random() < 0.5:
        picture = picture.filter(ImageFilter.GaussianBlur(rng.random() * 1.2))
    noise = np.random.RandomState(rng.randint(0, 1 << 30))
    pixels = np.asarray(picture).astype(np.float32)
    return np.clip(pixels + noise.randn(*pixels.shape) * rng.random() * 18, 0, 255)


def font_of(rng):
    return ImageFont.truetype(FONTS + rng.choice(FACES), rng.randint(18, 40))


def line(rng):
    """A text and its picture [3, 48, 320], padded with zeros to the right."""
    while True:
        text, font = words(rng, 4), font_of(rng)
        left, top, right, bottom = font.getbbox(text)
        size = right - left + rng.randint(4, 16), bottom - top + rng.randint(4, 12)
        if size[0] * LINE[0] <= LINE[1] * size[1]:
            break
    paper = rng.randint(150, 255)
    picture = Image.new("RGB", size, (paper, paper, max(0, paper - rng.randint(0, 40))))
    ImageDraw.Draw(picture).text((rng.randint(2, 4) - left, rng.randint(2, 4) - top), text,
                                 font=font, fill=(rng.randint(0, 100),) * 3)
    picture = Image.fromarray(worn(rng, picture).astype(np.uint8))
    width = max(8, round(picture.width * LINE[0] / picture.height))
    pixels = np.asarray(picture.resize((min(width, LINE[1]), LINE[0]), Image.BILINEAR))
    out = np.zeros((3, *LINE), np.float32)
    out[:, :, :pixels.shape[1]] = ((pixels[:, :, ::-1] / 255 - 0.5) / 0.5).transpose(2, 0, 1)
    return text, out


def page(rng):
    """A page with a few lines of text, [3, 480, 640]."""
    paper = rng.randint(140, 255)
    picture = Image.new("RGB", PAGE[::-1], (paper, paper, max(0, paper - rng.randint(0, 40))))
    draw = ImageDraw.Draw(picture)
    y = rng.randint(5, 40)
    while y < PAGE[0] - 50:
        font = font_of(rng)
        draw.text((rng.randint(5, 200), y), words(rng, 3), font=font,
                  fill=(rng.randint(0, 100),) * 3)
        y += font.size + rng.randint(8, 60)
    pixels = worn(rng, picture)[:, :, ::-1] / 255
    mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    return ((pixels - mean) / deviation).transpose(2, 0, 1).astype(np.float32)


def lines(seed, count):
    rng = random.Random(seed)
    drawn = [line(rng) for _ in range(count)]
    return [text for text, _ in drawn], np.stack([pixels for _, pixels in drawn])


def pages(seed, count):
    rng = random.Random(seed)
    return np.stack([page(rng) for _ in range(count)])
