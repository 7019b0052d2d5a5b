"""How does a draft become record files? YAML that `accords check` takes once a person has gone over it and taken `review` out."""
from __future__ import annotations

import re
from typing import Any

import yaml

from .texts import fold

Draft = dict[str, Any]
SOURCE = "articles/ARTICLE"
KEYS = {"parties": "party", "signatories": "signature", "topics": "subject"}
ROLES = frozenset((
    "president", "prime-minister", "deputy-prime-minister", "foreign-minister", "deputy-foreign-minister", "minister", "speaker",
    "ambassador", "chair", "secretary-general", "head-of-agency"))
_SLUG = re.compile(r"[^a-z0-9]+")


def records(draft: Draft, source: str = SOURCE, title_language: str | None = None) -> list[tuple[str, str]]:
    """A suggested path (below the folder of records) and YAML text for each agreement and each person without a record.

    `source` is the record or address of the article in which the quotes stand. What is known already, what the article
    adds and where it differs is told in comments at the head.
    """
    language = (title_language or draft.get("language", "en")).split("-")[0]
    writer = _Writer(draft, source, language)
    found = [writer.agreement(a) for a in draft["agreements"]]
    found += [writer.person(p) for p in draft["people"] if not p.get("known")]
    taken: dict[str, int] = {}
    result = []
    for path, comments, record in found:
        taken[path] = taken.get(path, 0) + 1
        name = path if taken[path] == 1 else f"{path}-{taken[path]}"
        head = "".join(f"# {line}\n" for line in comments)
        result.append((f"{name}.yaml", head + yaml.safe_dump(record, allow_unicode=True, sort_keys=False, width=120)))
    return result


def slug(name: str) -> str:
    """A name as part of a path: ASCII, lower case, hyphens.

    >>> slug("Kassym-Jomart Tokayev")
    'kassym-jomart-tokayev'
    """
    return _SLUG.sub("-", fold(name)).strip("-") or "unnamed"


class _Writer:
    def __init__(self, draft: Draft, source: str, language: str) -> None:
        self.source, self.language = source, language
        self.references: dict[str, str] = draft.get("references", {})
        self.people = {p["normalized"]: p.get("known") or f"people/{slug(p['normalized'])}" for p in draft["people"]}
        self.places = {p["normalized"]: p.get("known") or f"places/{slug(p['normalized'])}" for p in draft["places"]}

    def agreement(self, item: Draft) -> tuple[str, list[str], Draft]:
        """Path, comments and record of an agreement."""
        kind = item["type"].replace(" ", "-")
        record: Draft = {"review": "needed", "type": kind, "title": {self.language: item["title"]},
                         "party": [self._party(p) for p in item["parties"]]}
        if item["status"] in ("planned", "draft"):
            record["status"] = "planned"
        if item["signed"] and not item["signed"].startswith("--"):
            record["signed"] = item["signed"]
        if item["place"]:
            record["place"] = self.places.get(item["place"], f"places/{slug(item['place'])}")
        if item["signatories"]:
            record["signature"] = {self.people.get(n, f"people/{slug(n)}"): {} for n in item["signatories"]}
        record["subject"] = [t for t in item["topics"] if t != "border-security" or len(item["topics"]) == 1][:5]
        record["sources"] = {self.source: self._quotes(item, record)}
        return _path(item, kind), _comments(item), {k: v for k, v in record.items() if v not in ([], {}, None)}

    def _quotes(self, item: Draft, record: Draft) -> list[Draft]:
        """The evidence by quote, each with the keys that it supports."""
        quotes: dict[str, list[str]] = {}
        for line in item["evidence"]:
            name = KEYS.get(line["field"], line["field"])
            if name in record and name not in quotes.setdefault(line["quote"].strip(), []):
                quotes[line["quote"].strip()].append(name)
        return [{"quote": quote, "supports": names} for quote, names in quotes.items() if names]

    def _party(self, code: str) -> str:
        return self.references.get(code, f"organizations/{slug(code)}")

    def person(self, item: Draft) -> tuple[str, list[str], Draft]:
        """Path, comments and record of a person."""
        record: Draft = {"review": "needed", "name": {"en": item["normalized"]}}
        supports = ["name"]
        if item["role"] in ROLES and item["affiliation"] in self.references:
            record["tenure"] = [{"role": item["role"], "of": self._party(item["affiliation"])}]
            supports.append("tenure")
        record["sources"] = {self.source: [{"quote": item["quote"], "supports": supports}]}
        return f"people/{slug(item['normalized'])}", ["the English form of the name is made by rule: see to it"], record


def _comments(item: Draft) -> list[str]:
    """What a reviewer must know: the record there is, what is added, what differs, what was inferred, the text's partial day."""
    lines = []
    if item["known"]:
        lines.append(f"already {item['known']}; the article adds {item['adds'] or 'nothing'}")
    lines += [f"differs in {key}: article {d['article']}, record {d['record']}" for key, d in item["contradicts"].items()]
    inferred = sorted({KEYS.get(e["field"], e["field"]) for e in item["evidence"] if e["how"] == "inferred"})
    if inferred:
        lines.append(f"inferred, not said: {', '.join(inferred)}")
    if (item["signed"] or "").startswith("--"):
        lines.append(f"signed {item['signed']}: the text gives no year")
    return lines


def _path(item: Draft, kind: str) -> str:
    year = (item["signed"] or "")[:4]
    year = year if year.isdigit() else "undated"
    parties = [slug(p) for p in sorted(item["parties"])]
    who = "-".join(parties) if 0 < len(parties) < 4 else "multi"
    about = "-".join(item["topics"][:2]) or kind
    return f"agreements/{year}-{who}-{about}"
