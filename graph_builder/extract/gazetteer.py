"""Which names are known: states, people, organisations, places and agreements, from the records and from CLDR.

The records' own names come first; CLDR (through babel and pycountry) adds the world's countries in every language.
"""
from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .languages import Rules
from .texts import fold

KINDS = ("states", "people", "organizations", "places", "agreements")
VERSION = "5"
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
Record = dict[str, Any]
Names = dict[str, list[tuple[str, int]]]
Index = dict[str, list[tuple[tuple[str, ...], int, str]]]


@dataclass
class Gazetteer:
    """Entries (what a name stands for) and names by language; the index of a language is made when it is first asked."""

    entries: list[Record]
    names: Names
    agreements: list[Record]
    _indexes: dict[str, Index] = field(default_factory=dict)
    _people: dict[str, dict[str, dict[str, list[int]]]] = field(default_factory=dict)
    _latin: dict[str, str] = field(default_factory=dict)
    prepared: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, folders: list[Path], cache: Path | None = None) -> Gazetteer:
        """Reads the record folders; with a cache folder the result is kept there under the records' content hash."""
        files = sorted((f, kind) for folder in folders for kind in KINDS for f in (folder / kind).glob("*.yaml"))
        texts = [f.read_bytes() for f, _ in files]
        kept = _kept(cache, files, texts)
        if kept is not None and kept.is_file():
            return cls(**json.loads(kept.read_text("utf-8")))
        found = _collect((kind, f.stem, _load(text)) for (f, kind), text in zip(files, texts, strict=True))
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            part = kept.with_suffix(".part")
            content = {k: getattr(found, k) for k in ("entries", "names", "agreements")}
            part.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
            part.replace(kept)
        return found

    def index(self, rules: Rules) -> Index:
        """The names that a text of the language may hold, by the first stem of their first word."""
        if rules.code not in self._indexes:
            index: Index = defaultdict(list)
            for name, entry in self._spoken(rules):
                words = name.split()
                stems = tuple(_stem(fold(w), rules) for w in words)
                if not stems or (len(words) == 1 and _is_function_word(fold(name), rules)):
                    continue
                shape = "capitals" if name.isupper() else ""
                index[stems[0]].append((stems, entry, shape))
            for values in index.values():
                values.sort(key=lambda v: -len(v[0]))
            self._indexes[rules.code] = dict(index)
        return self._indexes[rules.code]

    def _spoken(self, rules: Rules) -> Iterator[tuple[str, int]]:
        """Names of the language, then of the language that its writers fall back upon, each once."""
        codes = {entry["code"]: i for i, entry in enumerate(self.entries) if entry["kind"] == "state"}
        for code, names in rules.raw.get("countries", {}).items():
            if code in codes:
                yield from ((name, codes[code]) for name in names)
        for language in (rules.code, "en" if rules.latin_script else "ru"):
            yield from self.names.get(language, [])

    def people(self, rules: Rules) -> dict[str, dict[str, list[int]]]:
        """Stems of given and of family names to the entries that bear them."""
        if rules.code not in self._people:
            parts: dict[str, dict[str, list[int]]] = {"given": defaultdict(list), "family": defaultdict(list)}
            for name, entry in self._spoken(rules):
                words = fold(name).split()
                if self.entries[entry]["kind"] != "person" or len(words) < 2:
                    continue
                for key, word in (("given", words[0]), ("family", words[-1])):
                    listed = parts[key][_stem(word, rules)]
                    if entry not in listed:
                        listed.append(entry)
            self._people[rules.code] = {k: dict(v) for k, v in parts.items()}
        return self._people[rules.code]

    def places(self, rules: Rules) -> frozenset[str]:
        """The first five letters of the places' names: «Худжандская», "Tashkent" before a head word name the instrument."""
        return frozenset(fold(n)[:5] for n, i in self._spoken(rules) if self.entries[i]["kind"] == "place")

    def latin(self) -> dict[str, str]:
        """Folded Cyrillic given and family names to the Latin form that the records of their bearers use."""
        if not self._latin:
            english = dict(reversed([(i, n) for n, i in self.names.get("en", []) if self.entries[i]["kind"] == "person"]))
            for language in ("ru", "kk", "ky", "tg", "uz-cyrl"):
                for name, i in self.names.get(language, []):
                    pair = fold(name).split(), self.entries[i]["name"].split()
                    if i in english and len(pair[0]) == len(pair[1]) == 2:
                        for word, latin in zip(*pair, strict=True):
                            self._latin.setdefault(word, latin)
        return self._latin


def _kept(cache: Path | None, files: list[tuple[Path, str]], texts: list[bytes]) -> Path | None:
    if cache is None:
        return None
    digest = hashlib.blake2b(VERSION.encode(), digest_size=12)
    for (file, kind), text in zip(files, texts, strict=True):
        digest.update(f"{kind}/{file.stem}\0".encode() + text)
    return cache / f"gazetteer-{digest.hexdigest()}.json"


def _load(text: bytes) -> Record:
    """A record as text; a broken or empty one is nothing here (`accords check` tells of it)."""
    try:
        value = yaml.load(text, Loader=_LOADER)  # noqa: S506 (a BaseLoader: text only)
    except (yaml.YAMLError, UnicodeDecodeError):
        return {}
    return value if isinstance(value, dict) else {}


def _collect(records: Iterable[tuple[str, str, Record]]) -> Gazetteer:
    found = Gazetteer([], defaultdict(list), [])
    codes: dict[str, str] = {}
    agreements: list[tuple[str, Record]] = []
    for kind, stem, record in records:
        ref = f"{kind}/{stem}"
        if kind == "agreements":
            agreements.append((ref, record))
        elif kind in KINDS and isinstance(record.get("name"), dict):
            _add(found, ref, kind, record)
            codes[ref] = record.get("code") or ""
    _add_countries(found)
    known = {e["ref"]: e for e in found.entries}
    parties = {ref: party_name(e) for ref, e in known.items() if ref}
    found.agreements = [_agreement(ref, record, parties) for ref, record in agreements]
    for entry in found.entries:
        entry["of"] = codes.get(entry.get("of", ""), "") if entry.get("of") else ""
        for tenure in entry.get("tenures", []):
            tenure["of"] = codes.get(tenure["of"], "") or tenure["of"]
    found.names = dict(found.names)
    return found


def _add(found: Gazetteer, ref: str, kind: str, record: Record) -> None:
    names: Record = record["name"]
    labels = _labels(record)
    entry: Record = {"kind": {"states": "state", "people": "person", "organizations": "organization"}.get(kind, "place"),
                     "ref": ref, "code": record.get("code", ""), "name": str(names.get("en") or names.get("ru") or ref)}
    entry["short"] = next((x for x in labels.get("en", []) if x.isupper() and len(x) < 7), "")
    if kind == "people":
        tenures = [t for t in record.get("tenure") or [] if isinstance(t, dict)]
        entry["tenures"] = [{"role": t.get("role", ""), "of": t.get("of", ""), "start": t.get("start", ""), "end": t.get("end", "")}
                            for t in tenures]
    country = record.get("country") or []
    entry["of"] = (country[0] if isinstance(country, list) and country else country or record.get("partOf")) or ""
    entry["type"] = record.get("type", "")
    found.entries.append(entry)
    for language, values in labels.items():
        found.names[language].extend((v, len(found.entries) - 1) for v in values)


def _labels(record: Record) -> dict[str, list[str]]:
    """Every name of a record by language, the preferred one first."""
    labels: dict[str, list[str]] = defaultdict(list)
    for key in ("name", "officialName", "altLabel"):
        for language, value in (record.get(key) or {}).items() if isinstance(record.get(key), dict) else ():
            for v in value if isinstance(value, list) else [value]:
                if isinstance(v, str) and v and v not in labels[language]:
                    labels[language].append(v)
    return labels


def _agreement(ref: str, record: Record, names: dict[str, str]) -> Record:
    title = record.get("title")
    parties = record.get("party")
    return {"ref": ref, "type": record.get("type", "other"), "title": title if isinstance(title, dict) else {},
            "parties": sorted(names.get(p) or p.split("/")[-1].upper() for p in parties) if isinstance(parties, list) else [],
            "signed": record.get("signed"), "place": record.get("place"), "topics": record.get("subject") or [],
            "signatories": sorted(record.get("signature") or {}), "status": record.get("status"), "inForce": record.get("inForce")}


def _add_countries(found: Gazetteer) -> None:
    """The world's countries from CLDR in the languages that have rules, under their ISO 3166 alpha-3 code."""
    import pycountry
    from babel import Locale

    known = {e["code"]: i for i, e in enumerate(found.entries) if e["kind"] == "state"}
    for language in ("en", "ru", "uz", "uz-cyrl", "kk", "ky", "tg", "tk"):
        territories = Locale.parse(language.replace("-cyrl", "_Cyrl")).territories
        for country in pycountry.countries:
            name = territories.get(country.alpha_2)
            if not name:
                continue
            if country.alpha_3 not in known:
                known[country.alpha_3] = len(found.entries)
                found.entries.append({"kind": "state", "ref": "", "code": country.alpha_3, "name": name, "short": "", "of": "", "type": ""})
            found.names[language].append((name, known[country.alpha_3]))


def party_name(entry: Record) -> str:
    """How an entry is named as a party: a state by its code, an organisation by its short name, else by its English name."""
    short = entry.get("short") if "international" in entry.get("type", "") or "regional" in entry.get("type", "") else ""
    return str(entry.get("code") or short or entry.get("name") or "")


def _stem(word: str, rules: Rules) -> str:
    """What all cases of a name's word have in common; a short word is left whole."""
    strip = rules.raw.get("strip", "").split()
    return next((word[:-len(s)] for s in strip if word.endswith(s) and len(word) - len(s) >= 4), word)


def _is_function_word(word: str, rules: Rules) -> bool:
    return bool(rules.anaphora.fullmatch(word) or rules.stops.fullmatch(word)) or word in rules.raw["markers"].split()
