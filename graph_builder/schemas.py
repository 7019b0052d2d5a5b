"""What editors know of records: a JSON Schema for each folder, made from the table of words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from graph_builder.terms import Field, Kind, Terms, load

Schema = dict[str, Any]
DIALECT = "http://json-schema.org/draft-07/schema#"
"""The dialect that editors' YAML extensions know."""
DATE = {
    "anyOf": [{"type": "string", "pattern": r"^[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"}, {"type": "integer", "minimum": 1900, "maximum": 2100}],
    "description": "1997, 1997-01 or 1997-01-10: as precise as the source",
}
LANGUAGE = "^[a-z]{2,3}(-[A-Za-z]{4})?$"
ADDRESS = r"^https?://\S+$"
YES = {"enum": [True, "true"]}
WORDED = {"type": ["string", "number", "boolean"]}
"""A text: a bare word may look like a number or a truth value to an editor, never to `accords`."""


def schemas(names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """File name → JSON Schema for every kind of record; `names` are the records of each folder, offered for completion."""
    terms = load()
    top = [k for k in terms.kinds.values() if k.keyed_by is None and k.folder not in ("commitments", "assessments", "tenures", "publishers")]
    made = {f"{kind.folder}.json": _record(terms, kind, names) for kind in top}
    publisher = {"$schema": DIALECT, "type": "object", "additionalProperties": _object(terms, terms.kinds["publishers"])}
    made["publishers.json"] = {**publisher, "definitions": _definitions(terms, names)}
    return {name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n" for name, schema in made.items()}


def folder_names(folders: Sequence[Path]) -> dict[str, list[str]]:
    """The records of each folder by name, from the files' names alone."""
    return {kind: sorted({f"{kind}/{p.stem}" for f in folders for p in (f / kind).glob("*.yaml")}) for kind in load().kinds}


def _record(terms: Terms, kind: Kind, names: Mapping[str, Sequence[str]]) -> Schema:
    schema = _object(terms, kind)
    keys = sorted(schema["properties"])
    schema["properties"] |= {
        "adds": {**YES, "description": "this record only adds to the shipped one of its name"},
        "review": {"description": "stands in drafts; delete it once every value is checked"},
        "seen": {**DATE, "description": "the day you saw the pages"},
        "because": {"type": "object", "propertyNames": {"enum": keys}, "description": "why a value is preferred where sources differ: {key: reason}"},
        "sources": _sources(kind),
    }
    required = schema.pop("required", [])
    complete = [{"required": ["adds"]}, {"required": required}] if required else []
    title = f"A record of {kind.folder}/"
    return {
        "$schema": DIALECT,
        "title": title,
        **schema,
        "required": ["sources"],
        **({"anyOf": complete} if complete else {}),
        "definitions": _definitions(terms, names),
    }


def _sources(kind: Kind) -> Schema:
    entry = {
        "type": "object", "additionalProperties": False, "anyOf": [{"required": ["supports"]}, {"required": ["says"]}],
        "properties": {
            "supports": _many({"type": "string", "anyOf": [{"enum": sorted(kind.fields)}, {"pattern": r"^[A-Za-z]+(\.[^.\s]+)*"}]}),
            "says": {"type": "object", "propertyNames": {"enum": sorted(kind.fields)}, "description": "what this source says otherwise: {key: value}"},
            "quote": {"type": "string", "description": "the exact words of a stored article"},
            "nth": {"description": "which occurrences of the quote, from 1"}, "inferred": {"enum": [True, False, "true", "false"]},
        },
    }  # fmt: skip
    description = "address of a page, or articles/NAME → what it supports: `- supports: [title, party]`"
    return {"type": "object", "minProperties": 1, "propertyNames": {"pattern": r"^(https?://\S+|articles/[a-z0-9-]+)$"}, "description": description,
            "additionalProperties": {"type": "array", "minItems": 1, "items": entry}}  # fmt: skip


def _object(terms: Terms, kind: Kind) -> Schema:
    """An object of a kind's keys, but for the one that the entry's own name gives."""
    fields = {k: f for k, f in kind.fields.items() if k != kind.keyed_by}
    properties = {k: {**_value(terms, f), "description": f.message} for k, f in fields.items()}
    required = sorted(k for k, f in fields.items() if f.required and not (kind.folder == "offices" and k == "of"))
    return {"type": "object", "properties": properties, "additionalProperties": False, **({"required": required} if required else {})}


def _value(terms: Terms, known: Field) -> Schema:
    if known.form in ("text", "texts", "post"):
        text = _many(WORDED) if known.form == "texts" else WORDED
        return {
            "type": "object",
            "propertyNames": {"pattern": LANGUAGE},
            "properties": dict.fromkeys(("en", "ru", "uz", "kk", "ky", "tg", "tk"), text),
            "additionalProperties": text,
        }
    if known.form == "date":
        return DATE
    if known.form == "nested":
        return _nested(terms, known)
    if known.form == "reference":
        one: Schema = {"anyOf": [{"$ref": f"#/definitions/{folder}"} for folder in known.folders]}
    elif known.form == "term":
        one = {"enum": sorted(known.words)}
    else:
        one = {"type": "string", "pattern": ADDRESS} if known.form == "address" else {**WORDED, **({"pattern": known.pattern.pattern} if known.pattern else {})}
    return one if known.single else _many(one)


def _nested(terms: Terms, known: Field) -> Schema:
    kind = terms.kinds[known.nested or ""]
    entry = _object(terms, kind)
    if kind.folder == "tenures":
        return _many(entry)
    if kind.folder == "signatures":
        entry = {"anyOf": [entry, {"type": "string"}]}
    key = kind.fields[kind.keyed_by] if kind.keyed_by else None
    name = (
        {"pattern": "^[a-z0-9-]+$"}
        if key is None
        else {"enum": sorted(key.words)}
        if key.form == "term"
        else {"anyOf": [{"$ref": f"#/definitions/{f}"} for f in key.folders]}
    )
    return {"type": "object", "propertyNames": name, "additionalProperties": entry}


def _many(one: Schema) -> Schema:
    return {"anyOf": [one, {"type": "array", "minItems": 1, "items": one}]}


def _definitions(terms: Terms, names: Mapping[str, Sequence[str]]) -> Schema:
    """A definition for references into each folder: the names that stand there are offered, others may come."""
    return {
        folder: {"anyOf": [{"enum": list(names.get(folder) or [f"{folder}/…"])}, {"type": "string", "pattern": f"^{folder}/[a-z0-9]+(-[\\w]+)*$"}]}
        for folder in terms.kinds
    }
