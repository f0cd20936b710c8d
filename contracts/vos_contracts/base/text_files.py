"""Read text files as people's programs write them: with or without a byte order mark, in UTF-8 or in UTF-16.

Notepad and Excel write UTF-8 with a byte order mark, and `>` in PowerShell 5.1 writes UTF-16.
"""

from __future__ import annotations

import codecs
from pathlib import Path

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class NotText(ValueError):
    """A file is in an encoding that cannot be recognised; the message says where, and what to do."""


def read_text(file: Path) -> str:
    """Read a text file, with line breaks as `\\n`.

    Raises:
        OSError: it cannot be read.
        NotText: it is neither UTF-8 nor UTF-16 with a byte order mark.
    """
    return decode(file.read_bytes())


def encoding_of(beginning: bytes) -> str:
    """Return the encoding that the first three bytes of a file tell; UTF-8 without a byte order mark."""
    return next((name for mark, name in _MARKS if beginning.startswith(mark)), "utf-8")


def decode(content: bytes) -> str:
    """Decode the content of a text file.

    Raises:
        NotText: it is neither UTF-8 nor UTF-16 with a byte order mark.
    """
    encoding = encoding_of(content[:3])
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as exc:
        raise NotText(f"is not {encoding[:6].upper()} (byte {exc.start}); save the file as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
