"""What does an article say of agreements? The draft: instruments, people, organisations, places, events, each with its quote."""
from __future__ import annotations

import re
from typing import Any

from . import coreference, instruments, languages, scanning
from .coreference import Cluster
from .events import DONE, WORDS, Found
from .gazetteer import Gazetteer, party_name
from .instruments import Mention
from .known import Known
from .languages import Rules
from .names import Name
from .parties import Parties
from .people import People, Person
from .signings import Signings
from .texts import Document

Draft = dict[str, Any]
PENDING = ("planned", "draft")
LONELY = ("declaration", "memorandum")


def draft(text: str, gazetteer: Gazetteer, language: str | None = None) -> Draft:
    """Drafts records from a text: the object of the contract, offsets in code points of the text, end exclusive.

    Args: the text as it came; the known names; a language code, or None to have it told from the text.
    An unknown language code raises KeyError.
    """
    rules = languages.rules(language or languages.detect(text))
    return _Drafter(text, gazetteer, rules).draft()


class _Drafter:
    def __init__(self, text: str, gazetteer: Gazetteer, rules: Rules) -> None:
        self.text, self.g, self.r = text, gazetteer, rules
        self.d = Document(text)
        self.names = scanning.find(self.d, gazetteer, rules)
        self.events = Signings(self.d, rules, gazetteer, self.names)
        self.mentions = instruments.find(self.d, rules, self.names, self.events.date_starts.__contains__,
                                          gazetteer.places(rules))
        self.parties = Parties(self.d, rules, gazetteer, self.names, self.mentions)

    def draft(self) -> Draft:
        """The whole draft."""
        self.events.titled = {m.sentence for m in self.mentions if m.strength == 3}
        self.by_sentence: dict[int, list[Mention]] = {}
        for mention in self.mentions:
            self.by_sentence.setdefault(mention.sentence, []).append(mention)
            self.events.titles.setdefault(mention.sentence, []).append((mention.start, mention.end))
            self.events.types.setdefault(mention.sentence, set()).add(mention.type)
        for mention in self.mentions:
            self._fill(mention)
        kept = [m for m in self.mentions if m.bare or self._is_instrument(m)]
        clusters, loose = coreference.cluster(kept, self.r)
        clusters += self._alone(loose, clusters)
        clusters = sorted((c for c in clusters if c.parties[0] or c.type == "convention" or self._names_sides(c.main)), key=lambda c: c.main.start)
        known = Known.of(self.g, self.r)
        people = People(self.d, self.r, self.g, self.names).find()
        found = [self._agreement(c, known) for c in clusters]
        return {
            "language": self.r.code,
            "agreements": found,
            "references": self._references(found, people),
            "people": [self._person(p) for p in people],
            "organisations": self._listed("organization"),
            "places": self._listed("place"),
            "events": self._visits(),
        }

    def _names_sides(self, mention: Mention) -> bool:
        """Whether a title says «between» whom, though no record knows them."""
        return mention.type not in self.r.weak and any(t.word in self.r.between for t in self.d.tokens_in(mention.start, mention.end))

    def _fill(self, mention: Mention) -> None:
        """Parties and topics of a mention."""
        mention.topics = {slug: (m.start(), m.end()) for slug, p in self.r.topics.items()
                          if (m := p.search(self.d.folded, mention.start, mention.end))}
        mention.parties = self.parties.explicit(mention)
        if not mention.parties and not mention.bare:
            mention.parties, mention.how = self.parties.implicit(mention), "inferred"
            if mention.type == "convention" and len(mention.parties) < 3:
                mention.parties = ()
            mention.parties = mention.parties or self.parties.organisation(mention)

    def _is_instrument(self, mention: Mention) -> bool:
        """A plan, a decision, a programme is an instrument only where something is said to have been signed or adopted."""
        if mention.strength == 1 and not mention.parties:
            return False
        stage = self.events.stage(mention).value
        if mention.type not in self.r.weak:
            return mention.strength > 1 or stage in (*DONE, "planned", "ratified", "force")
        return stage in (*DONE, "planned", "ratified") and (mention.how == "explicit" or self._acting_together(mention))

    def _acting_together(self, mention: Mention) -> bool:
        """Whether two states act in the sentence, its list's head or (but for a contract) the sentences just before."""
        header = self.d.headers[mention.sentence]
        if mention.type == "contract":
            return len(self.parties.actors(mention.sentence, mention)) > 1
        first = header if header >= 0 else mention.sentence
        near = range(max(0, first - 4), mention.sentence + 1)
        own = self.parties.actors(mention.sentence, mention)
        beside = any(m.strength > 1 and m.type not in self.r.weak and self.events.stage(m).value in DONE
                     for i in near for m in self.by_sentence.get(i, ()))
        return beside or self.parties.size(mention) > 1 or (len(own) != 1 and any(len(self.parties.actors(i)) > 1 for i in near))

    def _alone(self, loose: list[Mention], clusters: list[Cluster]) -> list[Cluster]:
        """Bare mentions that are instruments all the same: a signed joint statement, or the only thing that was signed."""
        found: list[Cluster] = []
        for mention in loose:
            stage = self.events.stage(mention).value
            only = not clusters and not found and mention.type not in self.r.weak and stage == "signed"
            only = only or (mention.type in LONELY and stage in DONE and self.events.nearness(mention) < 40)
            if ((mention.type in self.r.alone and stage in DONE) or only) and not any(c.type == mention.type for c in found):
                mention.parties, mention.how = self.parties.implicit(mention), "inferred"
                found.append(Cluster([mention]))
        return found

    def _agreement(self, cluster: Cluster, known: Known) -> Draft:
        main, kind = cluster.main, cluster.type
        status = self.events.status(cluster)
        signed = self.events.signed(cluster, status.value)
        parties, how = cluster.parties
        record = known.match(kind, main.all_words, parties, signed.value if signed else None, how == "explicit" and len(parties) > 1)
        if record is not None and how == "inferred" and len(record["parties"]) > 1:
            parties = tuple(record["parties"])
        place = self.events.place(cluster, status.value)
        signatories = self.events.signatories(cluster, parties, status.value)
        topics = self._topics(cluster)
        result: Draft = {
            **self._span(main.start, main.end), "title": self._title(main), "type": kind.replace("-", " "), "parties": list(parties),
            "signed": signed.value if signed and status.value not in PENDING else None, "place": place.value if place else None,
            "signatories": [self.g.entries[n.entry]["name"] for n in signatories],
            "status": WORDS.get(status.value, status.value), "topics": list(topics),
            "mentions": [self._span(m.start, m.end) for m in cluster.mentions], "commitments": self._commitments(cluster),
            "known": record["ref"] if record else None, "adds": {}, "contradicts": {}, "review": "needed",
        }
        if not result["signed"]:
            signed = None
        result["evidence"] = self._evidence(result, cluster, how, (status, signed, place), signatories, topics)
        if record is not None:
            self._compare(result, record)
        return result

    def _span(self, start: int, end: int) -> Draft:
        return {"quote": self.text[start:end], "start": start, "end": end}

    def _title(self, mention: Mention) -> str:
        title = re.sub(r"\s+", " ", self.text[mention.start:mention.end]).strip()
        return title[:1].upper() + title[1:]

    def _topics(self, cluster: Cluster) -> dict[str, tuple[int, int, str]]:
        """Sectors of the title, then those that a list after it names («в таких областях, как …»)."""
        found = {slug: (*span, "explicit") for m in cluster.mentions for slug, span in m.topics.items()}
        for start, end in self._lists_after(cluster):
            for slug, pattern in self.r.topics.items():
                if slug not in found and slug != "cooperation" and (m := pattern.search(self.d.folded, start, end)):
                    found[slug] = (m.start(), m.end(), "inferred")
        return found

    def _lists_after(self, cluster: Cluster) -> list[tuple[int, int]]:
        spans = []
        for start, end in self._tail(cluster):
            for m in self.r.words["sectors"].finditer(self.d.folded, start, end):
                spans.append((m.end(), end))
        return spans

    def _tail(self, cluster: Cluster) -> list[tuple[int, int]]:
        """The sentences after the fullest mention, up to the next mention of any instrument."""
        first = cluster.main.sentence
        end = next((i for i in range(first + 1, first + 4) if i in self.by_sentence), first + 4)
        return self.d.sentences[first + 1:end]

    def _commitments(self, cluster: Cluster) -> list[Draft]:
        """What the parties are said to undertake in the sentences after the instrument."""
        found = []
        for start, end in self._tail(cluster):
            for m in self.r.words["commitments"].finditer(self.d.folded, start, end):
                found.append({**self._span(m.start(), end), "how": "inferred"})
                break
        return found

    def _evidence(self, result: Draft, cluster: Cluster, how: str, found: tuple[Found | None, ...], signatories: list[Name],
                  topics: dict[str, tuple[int, int, str]]) -> list[Draft]:
        main = cluster.main
        status, signed, place = found
        lines = [self._line("title", result["title"], main.start, main.end, "explicit"),
                 self._line("type", result["type"], *main.head, "explicit")]
        named = next((m for m in cluster.mentions if m.parties and m.how == "explicit"), None)
        if result["parties"]:
            span = (named.start, named.end) if named else self.d.sentences[main.sentence]
            lines.append(self._line("parties", result["parties"], *span, how))
        for key, value in (("status", status), ("signed", signed), ("place", place)):
            if value is not None:
                lines.append(self._line(key, result[key], value.start, value.end, value.how))
        lines += [self._line("signatories", self.g.entries[n.entry]["name"], n.start, n.end, "explicit") for n in signatories]
        lines += [self._line("topics", slug, *span) for slug, span in topics.items()]
        return lines

    def _line(self, field: str, value: Any, start: int, end: int, how: str) -> Draft:
        return {"field": field, "value": value, **self._span(start, end), "how": how}

    def _compare(self, result: Draft, record: Draft) -> None:
        """What the article adds to the record, and where the two differ."""
        for key, mine, theirs in (("signed", result["signed"], record["signed"]),
                                  ("place", result["place"], (record["place"] or "").split("/")[-1].replace("-", " ").title() or None),
                                  ("parties", sorted(result["parties"]), record["parties"])):
            if not mine or mine == theirs:
                continue
            if not theirs:
                result["adds"][key] = mine
            elif key != "signed" or not _agrees(str(mine), str(theirs)):
                result["contradicts"][key] = {"article": mine, "record": theirs}
        unsaid = [n for n in result["signatories"] if n.lower().replace(" ", "-") not in " ".join(record["signatories"])]
        if unsaid:
            result["adds"]["signatories"] = unsaid

    def _person(self, person: Person) -> Draft:
        entry = self.g.entries[person.entry] if person.entry >= 0 else {}
        return {"name": self.text[person.start:person.end], "normalized": person.english, "role": person.role or None,
                "affiliation": person.code or None, **self._span(person.start, person.end), "known": entry.get("ref")}

    def _listed(self, kind: str) -> list[Draft]:
        """The organisations or places of the text, each once."""
        once: dict[int, Name] = {}
        for name in self.names:
            if name.kind == kind:
                once.setdefault(name.entry, name)
        return [{"name": self.text[n.start:n.end], "normalized": self.g.entries[n.entry]["name"], **self._span(n.start, n.end),
                 "known": self.g.entries[n.entry]["ref"] or None} for n in once.values()]

    def _references(self, found: list[Draft], people: list[Person]) -> dict[str, str]:
        """The record of every party, by its code or name, where there is one."""
        wanted = {p for a in found for p in a["parties"]} | {p.code for p in people}
        named = {party_name(e): str(e["ref"]) for e in self.g.entries if e["ref"] and e["kind"] in ("state", "organization")}
        return {p: named[p] for p in sorted(wanted) if p in named}

    def _visits(self) -> list[Draft]:
        """Visits and meetings: one a sentence that speaks of one, with the states it names."""
        found: list[Draft] = []
        seen: set[tuple[str, tuple[str, ...]]] = set()
        for i, (start, end) in enumerate(self.d.sentences[:2000]):
            for kind in ("visits", "summits"):
                m = self.r.words[kind].search(self.d.folded, start, end)
                states = self.parties.actors(i)
                key = (kind, tuple(sorted(states)))
                if m is None or len(states) < 2 or key in seen:
                    continue
                seen.add(key)
                found.append({"kind": kind[:-1].replace("summit", "meeting"), "participants": list(states), **self._span(start, end)})
                break
        return found


def _agrees(day: str, record: str) -> bool:
    """Whether a day of the text says nothing else than the record: equal as far as both go."""
    if day.startswith("--"):
        return record[5:10] == day[2:] or len(record) < 10
    return record.startswith(day) or day.startswith(record)
