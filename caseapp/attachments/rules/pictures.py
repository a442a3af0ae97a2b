"""Small pictures of images and of a PDF's first page, made anew from pixels: no metadata of the original. Pure.

Run as a module it reads the file from the standard input and writes the picture to the standard output: a process of
its own, without settings and with little to use up, since what it reads comes from outside.
"""

from __future__ import annotations

import io
import resource
import struct
import sys
import warnings
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageOps

LARGEST_SIDE = 1200
MOST_PIXELS = 60_000_000  # a photo of the phones of today; three bytes each
SECONDS = 20
_MEMORY = 1024 * 1024 * 1024
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")
_SIZE = struct.Struct(">II")


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG of at most 1,200 pixels a side."""

    content: bytes
    width: int
    height: int

    def packed(self) -> bytes:
        """What the process writes."""
        return _SIZE.pack(self.width, self.height) + self.content


def unpacked(written: bytes) -> Picture | None:
    """What the process wrote, None where it made no picture."""
    if len(written) <= _SIZE.size:
        return None
    return Picture(written[_SIZE.size :], *_SIZE.unpack_from(written))


def small_picture(content: bytes) -> Picture | None:
    """The picture, None for what can be no picture or is too large a one to be opened with care."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        if content.startswith(b"%PDF-"):
            return _drawn(_first_page(content))
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
            return _drawn(image)
    except Exception:  # a broken image breaks the decoders in many ways; each means "no picture"
        return None


def _first_page(content: bytes) -> Image.Image:
    """The page without what somebody typed into its forms later, and without running anything of it."""
    with pypdfium2.PdfDocument(content) as document:
        page = document[0]
        width, height = page.get_size()
        drawn: Image.Image = page.render(scale=min(LARGEST_SIDE / max(width, height), 4)).to_pil()
        return drawn


def _drawn(image: Image.Image) -> Picture:
    turned = ImageOps.exif_transpose(image)
    turned.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    flat = Image.new("RGB", turned.size, "white")
    visible = turned.convert("RGBA")
    flat.paste(visible, mask=visible)
    written = io.BytesIO()
    flat.save(written, "JPEG", quality=80, optimize=True)
    return Picture(written.getvalue(), *flat.size)


def main() -> None:
    """Standard input to standard output, within bounds of memory and time, without files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    made = small_picture(sys.stdin.buffer.read())
    if made is not None:
        sys.stdout.buffer.write(made.packed())


if __name__ == "__main__":
    main()
