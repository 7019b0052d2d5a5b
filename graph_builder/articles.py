"""What an article says of agreements, as drafts for a person to go over."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from graph_builder.accords import folders
from graph_builder.extract import Gazetteer, draft, records
from graph_builder.faults import Refused
from graph_builder.terms import suggestion

LARGEST = 4 * 1024 * 1024
"""Bytes that an article may have."""
LANGUAGES = {"ru", "en", "uz", "uz-cyrl", "kk", "ky", "tg", "tk"}


def text(file: Path) -> str:
    """The article's text, line ends as they are. Raises Refused for what is no text."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from None
    if len(raw) > LARGEST:
        raise Refused(f"{file}: {len(raw):,} bytes; an article has at most {LARGEST:,}")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"{file}: not UTF-8 at byte {error.start + 1}; save the file as UTF-8") from None


def drafted(content: str, language: str | None, data: Sequence[Path]) -> dict[str, object]:
    """The contract's object: agreements, people, organisations, places and events, each value with its words. Raises Refused."""
    if language and language.lower() not in LANGUAGES:
        raise Refused(f"no rules for the language `{language}`{suggestion(language, LANGUAGES)}; there are: {', '.join(sorted(LANGUAGES))}")
    return draft(content, Gazetteer.read(folders(data), cache()), language.lower() if language else None)


def extract(file: Path, language: str | None, form: str, data: Sequence[Path]) -> bytes:
    """What was found in an article as JSON, or its drafts of records as YAML documents, each headed by its path."""
    found = drafted(text(file), language, data)
    if form == "json":
        return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "surrogatepass")
    source = f"articles/{re.sub('[^a-z0-9]+', '-', file.stem.lower()).strip('-') or 'article'}"
    return "".join(f"# data/{path}\n---\n{content}" for path, content in records(found, source)).encode("utf-8", "replace")


def cache() -> Path:
    """Folder of this user in which the gazetteer is kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or (Path.home() / ".cache" if os.access(Path.home(), os.W_OK) else tempfile.gettempdir())
    return Path(base) / "central-asia-accords"
