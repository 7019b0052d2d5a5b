"""What only shows when all records lie side by side: references, order of dates, offices on the day, duplicates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from graph_builder import triples
from graph_builder.faults import Fault
from graph_builder.records import Data, Path_, Record
from graph_builder.terms import Kind, Terms, suggestion

Check = Callable[["Set"], Iterator[Fault]]


TEXTS = ("title", "office", "name")
"""Keys whose texts are compared; other texts, and the words of lists but these, no check looks at."""
WORDS = ("type", "status", "role")


def basis(terms: Terms, kind: Kind, data: Data) -> Data:
    """The part of a record's values that the checks between records look at.

    >>> from graph_builder.terms import load
    >>> basis(load(), load().kinds["places"], {"type": ["city"], "altLabel": {"en": ["Alma-Ata"]}, "country": ["states/kazakhstan"]})
    {'type': ['city'], 'country': ['states/kazakhstan']}
    """
    part: Data = {}
    for key, value in data.items():
        known = kind.fields[key]
        if known.form == "nested":
            inner = terms.kinds[known.nested or ""]
            part[key] = {name: basis(terms, inner, entry) for name, entry in value.items()}
        elif known.form in ("date", "reference") or key in (*TEXTS, *WORDS) or kind.folder == "offices":
            part[key] = value
    return part


class Set:
    """All records by name, with the names of the offices that states have."""

    def __init__(self, records: Iterable[Record], terms: Terms) -> None:
        self.terms = terms
        self.records = {r.name: r for r in records}
        self.offices = {triples.office_name(role, r.stem) for r in self.records.values() if r.kind.folder == "states" for role in r.data.get("office", ())}

    def of(self, folder: str) -> Iterator[Record]:
        """The records of a folder."""
        return (r for r in self.records.values() if r.kind.folder == folder)

    def has(self, name: str) -> bool:
        """Whether a reference points to something."""
        return name in self.records or name in self.offices


def check(records: Iterable[Record], terms: Terms) -> list[Fault]:
    """Every fault between records; a fault explained under `because` is none."""
    whole = Set(records, terms)
    return [fault for run in CHECKS for fault in run(whole)]


def unknown_references(whole: Set) -> Iterator[Fault]:
    """References to what has no record."""
    for record in whole.records.values():
        for path, name in references(whole.terms, record.kind, record.data):
            if not whole.has(name):
                folder = name.partition("/")[0]
                names = whole.offices if folder == "offices" else [r.name for r in whole.of(folder)]
                yield record.fault((*path, name), f"no record `{name}`{suggestion(name, names)}; make data/{name}.yaml or mend the name")
        for source in record.sources:
            if ":" not in source and source not in whole.records:
                yield record.fault(("sources", source), f"no record `{source}`{suggestion(source, [r.name for r in whole.of('articles')])}")


def references(terms: Terms, kind: Kind, data: Data, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Path and target of every reference in a record's values."""
    for key, value in data.items():
        known = kind.fields[key]
        if known.form == "reference":
            yield from (((*path, key), name) for name in value)
        elif known.form == "nested":
            inner = terms.kinds[known.nested or ""]
            for name, entry in value.items():
                if inner.keyed_by and inner.fields[inner.keyed_by].form == "reference":
                    yield (*path, key), name
                yield from references(terms, inner, entry, (*path, key, name))


ORDERED = (("signed", "inForce"), ("signed", "ended"), ("inForce", "ended"), ("start", "end"), ("founded", "ended"))


def dates_out_of_order(whole: Set) -> Iterator[Fault]:
    """Entry into force before signature, an end before a start."""
    for record in whole.records.values():
        for path, data in [((), record.data), *(((key, name), e) for key in ("consent", "tenure") for name, e in record.data.get(key, {}).items())]:
            for first, then in ORDERED:
                wrong = first in data and then in data and before(data[then], data[first])
                if wrong and not record.because.keys() & {then, *path[:1]}:
                    told = f"{then} {data[then]} lies before {first} {data[first]}"
                    yield record.fault((*path, then), f"{told}; mend one, or explain under `because: {{{then}: …}}`")
        for party, step in record.data.get("consent", {}).items():
            signed = record.data.get("signed")
            if signed and "date" in step and before(step["date"], signed) and "consent" not in record.because:
                told = f"{party} consented on {step['date']}, before the signature of {signed}"
                yield record.fault(("consent", party, "date"), f"{told}; mend one, or explain under `because: {{consent: …}}`")


def before(one: str, other: str) -> bool:
    """Whether a date surely lies before another, as far as both are precise.

    >>> before("1997", "1997-05-01"), before("1996-12", "1997-05-01")
    (False, True)
    """
    length = min(len(one), len(other))
    return one[:length] < other[:length]


def strangers_to_the_agreement(whole: Set) -> Iterator[Fault]:
    """Signatures for, or consent of, what is no party."""
    for record in whole.of("agreements"):
        parties = set(record.data.get("party", ()))
        allowed = parties | {m for p in parties if p in whole.records for m in whole.records[p].data.get("member", ())}
        for person, signature in record.data.get("signature", {}).items():
            for party in signature.get("for", ()):
                if party not in allowed and "signature" not in record.because and not _belongs(whole, party, allowed):
                    yield record.fault(("signature", person, "for"), f"{party} is no party; parties are {', '.join(sorted(parties))}")
        for party in record.data.get("consent", {}):
            if party not in allowed and "consent" not in record.because:
                yield record.fault(("consent", party), f"{party} is no party; parties are {', '.join(sorted(parties))}")


def _belongs(whole: Set, body: str, parties: set[str]) -> bool:
    """Whether a body is part of a party, or a party part of it."""
    up = whole.records[body].data.get("partOf", []) if body in whole.records else []
    down = {o for p in parties if p in whole.records for o in whole.records[p].data.get("partOf", ())}
    return bool(set(up) & parties) or body in down


def out_of_office(whole: Set) -> Iterator[Fault]:
    """Signatures in an office that the person surely did not hold on the day."""
    for record in whole.of("agreements"):
        day = record.data.get("signed")
        if not day or "signature" in record.because:
            continue
        for person, signature in record.data.get("signature", {}).items():
            tenures = whole.records[person].data.get("tenure", {}).values() if person in whole.records else ()
            office = signature.get("role"), signature.get("for"), signature.get("office")
            same = [t for t in tenures if (t.get("role"), t.get("of"), t.get("office")) == office]
            if "role" in signature and same and not any(covers(t, day) for t in same):
                spans = "; ".join(f"{t.get('start', '?')} to {t.get('end', 'now')}" for t in same)
                told = f"{person} was {signature['role'][0]} {spans}, not on {day}"
                yield record.fault(("signature", person), f"{told}; mend one, or explain under `because: {{signature: …}}`")


def covers(tenure: Data, day: str) -> bool:
    """Whether a tenure may hold on a date; what is unknown does not exclude it."""
    return not ("start" in tenure and before(day, tenure["start"])) and not ("end" in tenure and before(tenure["end"], day))


def duplicates(whole: Set) -> Iterator[Fault]:
    """Two agreements of the same parties, type and near date with like titles."""
    groups: dict[object, list[Record]] = defaultdict(list)
    for record in whole.of("agreements"):
        groups[tuple(sorted(record.data.get("party", ()))), record.data.get("signed", "")[:7]].append(record)
    for group in groups.values():
        for n, one in enumerate(group):
            for other in group[:n]:
                if alike(one, other):
                    told = f"looks like {other.name}: same parties, near date, like title"
                    yield one.fault(("title",), f"{told}; keep one, or explain under `because: {{title: …}}` how they differ")


def alike(one: Record, other: Record) -> bool:
    """Whether two agreements have the words of their titles in common and no differing day or form."""
    days = one.data.get("signed", ""), other.data.get("signed", "")
    if "title" in one.because or "title" in other.because or before(*days) or before(*reversed(days)) or one.data.get("type") != other.data.get("type"):
        return False
    mine, yours = (_words(r.data.get("title", {}).get("en", "")) for r in (one, other))
    return bool(mine) and len(mine & yours) / max(1, len(mine | yours)) > 0.75


def _words(title: str) -> frozenset[str]:
    idle = {"the", "of", "on", "between", "and", "in", "for", "to", "a", "government", "republic", "agreement", "treaty"}
    return frozenset(w for w in title.lower().replace("-", " ").replace(",", " ").split() if w not in idle)


UNIQUE = ("states", "places", "organizations", "people")
"""Folders in which one name in one language means one thing."""


def namesakes(whole: Set) -> Iterator[Fault]:
    """Two records of one kind, and for places of one country, with the same name in a language."""
    first: dict[object, Record] = {}
    for record in (r for folder in UNIQUE for r in whole.of(folder)):
        for language, text in record.data.get("name", {}).items():
            where = record.kind.folder, *record.data.get("type", ()), *record.data.get("country", ()), *record.data.get("partOf", ())
            known = first.setdefault((where, language, text.casefold()), record)
            if known is not record and "name" not in {*record.because, *known.because}:
                told = f"«{text}» is the name of {known.name} too"
                yield record.fault(("name", language), f"{told}; keep one, or explain under `because: {{name: …}}` how they differ")
                break


MIXED = re.compile(r"[\u0400-\u04ff][acehiopxy]+(?![A-Za-z])|(?<![A-Za-z])[acehiopxyABCEHIKMOPTX][\u0430-\u045f\u048b-\u04ff]")
"""A Cyrillic letter beside a Latin one that looks like a Cyrillic one: the eye sees no difference, a search finds nothing.
A name such as АКИpress has other Latin letters too."""


def mixed_alphabets(whole: Set) -> Iterator[Fault]:
    """Titles and names with a word of two alphabets, such as a Latin i typed in a Kazakh word."""
    for record in whole.records.values():
        for key in ("title", "name"):
            for language, text in record.data.get(key, {}).items():
                if (found := MIXED.search(text)) and key not in record.because:
                    told = f"«{found[0]}» is a Latin letter beside a Cyrillic one"
                    yield record.fault((key, language), f"{told}; type the word in one alphabet, or explain under `because: {{{key}: …}}`")


def planned_but_signed(whole: Set) -> Iterator[Fault]:
    """A date of signature on what is said to be only planned, a draft or initialled."""
    for record in whole.of("agreements"):
        status = record.data.get("status", ["signed"])[0]
        if "signed" in record.data and status != "signed":
            yield record.fault(("status",), f"status is {status}, but the record has a date of signature; mend one")


def offices_with_two_names(whole: Set) -> Iterator[Fault]:
    """One office, told by its first name, that has another name in a language elsewhere."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for record in whole.records.values():
        for path, office, title in _offices(record):
            for language, text in title.items():
                known, where = first.setdefault((office, language), (text, record.name))
                if text != known:
                    told = f"the office is called «{known}» in {where}, and «{text}» here"
                    yield record.fault((*path, language), f"{told}; use one name, or tell the offices apart in the first language too")


def _offices(record: Record) -> Iterator[tuple[Path_, str, Data]]:
    """Path, name and titles of every office that a record names."""
    if record.kind.folder == "states":
        for role, entry in record.data.get("office", {}).items():
            yield ("office", role, "name"), triples.office_name(role, record.stem), entry.get("name", {})
    for key in ("tenure", "signature"):
        for name, entry in record.data.get(key, {}).items():
            if "office" in entry and (office := triples.post_name(entry)):
                yield (key, name, "office"), office, entry["office"]


CHECKS: tuple[Check, ...] = (
    unknown_references, dates_out_of_order, strangers_to_the_agreement, out_of_office, planned_but_signed, offices_with_two_names, mixed_alphabets,
    namesakes, duplicates,
)  # fmt: skip
