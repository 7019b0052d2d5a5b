"""How does a draft become record files? YAML that `accords check` takes once a person has gone over it and taken `review` out."""
from __future__ import annotations

import re
from typing import Any

import yaml

from .texts import fold

Draft = dict[str, Any]
SOURCE = "articles/ARTICLE"
_SLUG = re.compile(r"[^a-z0-9]+")


def records(draft: Draft, source: str = SOURCE, title_language: str | None = None) -> list[tuple[str, str]]:
    """A suggested path (without folder `data/`) and YAML text for each new agreement and person of a draft.

    `source` is the record or address of the article that the quotes stand in. An agreement that is known gives a text
    only where the article adds something to it.
    """
    language = title_language or draft.get("language", "en")
    paths = {p["normalized"]: p.get("known") or f"people/{slug(p['normalized'])}" for p in draft["people"]}
    found = [_agreement(a, language, source, paths) for a in draft["agreements"]]
    found += [_person(p, source) for p in draft["people"] if not p.get("known")]
    taken: dict[str, int] = {}
    result = []
    for path, record in found:
        taken[path] = taken.get(path, 0) + 1
        name = path if taken[path] == 1 else f"{path}-{taken[path]}"
        result.append((f"{name}.yaml", yaml.safe_dump(record, allow_unicode=True, sort_keys=False, width=120)))
    return result


def slug(name: str) -> str:
    """A name as part of a path: ASCII, lower case, hyphens.

    >>> slug("Kassym-Jomart Tokayev")
    'kassym-jomart-tokayev'
    """
    return _SLUG.sub("-", fold(name)).strip("-") or "unnamed"


def _agreement(item: Draft, language: str, source: str, people: dict[str, str]) -> tuple[str, Draft]:
    kind = item["type"].replace(" ", "-")
    record: Draft = {"review": "needed"}
    if item.get("known"):
        record["known"] = item["known"]
    record.update({"type": kind, "title": {language: item["title"]}, "party": [_party(p) for p in item["parties"]]})
    if item["status"] in ("planned", "draft"):
        record["status"] = "planned"
    if item["signed"] and not item["signed"].startswith("--"):
        record["signed"] = item["signed"]
    if item["place"]:
        record["place"] = f"places/{slug(item['place'])}"
    if item["signatories"]:
        record["signature"] = {people.get(n, f"people/{slug(n)}"): {} for n in item["signatories"]}
    record["subject"] = [t for t in item["topics"] if t != "border-security" or len(item["topics"]) == 1][:5]
    record["sources"] = {source: _quotes(item, record)}
    return _path(item, kind), {k: v for k, v in record.items() if v not in ([], {}, None)}


def _quotes(item: Draft, record: Draft) -> list[Draft]:
    """The evidence by quote, each with the keys that it supports; inferred values are told apart."""
    key = {"parties": "party", "signatories": "signature", "topics": "subject"}
    quotes: dict[tuple[str, str], list[str]] = {}
    for line in item["evidence"]:
        name = key.get(line["field"], line["field"])
        if name in record:
            listed = quotes.setdefault((line["quote"].strip(), line["how"]), [])
            if name not in listed:
                listed.append(name)
    return [{"quote": quote, "supports": names, **({"how": "inferred"} if how == "inferred" else {})}
            for (quote, how), names in quotes.items()]


def _path(item: Draft, kind: str) -> str:
    year = (item["signed"] or "")[:4]
    year = year if year.isdigit() else "undated"
    parties = [slug(p) for p in sorted(item["parties"])]
    who = "-".join(parties) if 0 < len(parties) < 4 else "multi"
    about = "-".join(item["topics"][:2]) or kind
    return f"agreements/{year}-{who}-{about}"


def _party(code: str) -> str:
    """The reference of a party: a state's record is named after its English short name, an organisation's after its short name."""
    if len(code) == 3 and code.isupper():
        import pycountry

        country = pycountry.countries.get(alpha_3=code)
        if country is not None:
            return f"states/{slug(getattr(country, 'common_name', country.name).split(',')[0])}"
    return f"organizations/{slug(code)}"


def _person(item: Draft, source: str) -> tuple[str, Draft]:
    record: Draft = {"review": "needed", "name": {"en": item["normalized"]}}
    supports = ["name"]
    if item["role"] and item["affiliation"]:
        record["tenure"] = [{"role": item["role"], "of": _party(item["affiliation"])}]
        supports.append("tenure")
    record["sources"] = {source: [{"quote": item["quote"], "supports": supports}]}
    return f"people/{slug(item['normalized'])}", record
