"""Text and JSON files that commands read and write."""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING, Any, NoReturn

from fleet.errors import FleetError

if TYPE_CHECKING:
    from pathlib import Path

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(file: Path) -> str:
    """The text of a file.

    Raises FleetError if it cannot be read.
    """
    try:
        return decoded(file.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise FleetError(f"{file} cannot be read: {reason}") from None


def decoded(data: bytes) -> str:
    """The text in UTF-8, or in UTF-16 with a mark at its start, as PowerShell's `>` writes it.

    Raises UnicodeDecodeError.
    """
    return data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")


def documents(text: str) -> list[Any]:
    """The JSON documents of the text, since pages of a list are often appended to one file.

    Raises ValueError if the text is not JSON.
    """
    decoder, found, position = json.JSONDecoder(parse_constant=_refuse), [], 0
    text = text.strip()
    while position < len(text):
        try:
            document, end = decoder.raw_decode(text, position)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        found.append(document)
        position = end + len(text[end:]) - len(text[end:].lstrip())
    return found


def _refuse(constant: str) -> NoReturn:
    """Python would also read `NaN` and `Infinity`, which JSON does not have."""
    raise ValueError(constant)


def write(file: Path, text: str) -> None:
    """Write the text in UTF-8, in place of what was there.

    Raises FleetError if it cannot be written.
    """
    try:
        file.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise FleetError(f"{file} cannot be written: {error.strerror}") from None
