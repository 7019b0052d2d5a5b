"""Which mentions speak of the same instrument? By type, words of the topic, parties, and what points back."""
from __future__ import annotations

from dataclasses import dataclass, field

from rapidfuzz.fuzz import ratio

from .instruments import Mention
from .languages import Rules

ACCORDS = frozenset({"treaty", "agreement"})
NEAR = 60
APART = ("tripoint", "border-demarcation", "border-delimitation")


@dataclass(slots=True)
class Cluster:
    """All mentions of one instrument; `main` is the fullest of them."""

    mentions: list[Mention] = field(default_factory=list)

    @property
    def main(self) -> Mention:
        """The fullest mention: not bare, with named parties, with most words; the first of these."""
        return max(self.mentions, key=lambda m: (not m.bare, m.how == "explicit" and bool(m.parties), len(m.words), -m.start))

    @property
    def type(self) -> str:
        """That of the fullest mention; what is also called a treaty is one («соглашение … договор», "agreement … treaty")."""
        main = self.main.type
        return "treaty" if main in ACCORDS and any(m.type == "treaty" for m in self.mentions) else main

    @property
    def parties(self) -> tuple[tuple[str, ...], str]:
        """The parties, and how they were found: explicit when a title names them, else inferred."""
        explicit = [m.parties for m in self.mentions if m.parties and m.how == "explicit"]
        if explicit:
            return max(explicit, key=len), "explicit"
        return self.main.parties, "inferred"


def cluster(mentions: list[Mention], rules: Rules) -> tuple[list[Cluster], list[Mention]]:
    """Groups the mentions; the second list are bare mentions that belong to nothing."""
    found: list[Cluster] = []
    loose: list[Mention] = []
    latest: dict[str, Cluster] = {}
    for mention in mentions:
        target = _antecedent(mention, latest) if mention.bare else _same(mention, found)
        if target is None and mention.bare:
            loose.append(mention)
            continue
        if target is None:
            target = Cluster()
            found.append(target)
        target.mentions.append(mention)
        latest[mention.type] = target
        if mention.type in ACCORDS:
            latest["accord"] = target
    left = [m for m in loose if not _forward(m, found)]
    for c in found:
        c.mentions.sort(key=lambda m: m.start)
    return found, left


def _antecedent(mention: Mention, latest: dict[str, Cluster]) -> Cluster | None:
    """A bare mention points back to the last instrument of its type; a treaty may be called an agreement."""
    if mention.type in latest:
        return latest[mention.type]
    return latest.get("accord") if mention.type in ACCORDS and (mention.anaphoric or mention.type == "agreement") else None


def _forward(mention: Mention, found: list[Cluster]) -> bool:
    """A bare mention in a headline belongs to the first instrument of its type that follows."""
    for wanted in (frozenset({mention.type}), ACCORDS if mention.type in ACCORDS else frozenset()):
        for candidate in found[:50]:
            if candidate.main.type in wanted and candidate.mentions[0].start > mention.start:
                candidate.mentions.append(mention)
                return True
    return False


def _same(mention: Mention, found: list[Cluster]) -> Cluster | None:
    best, score = None, 0.0
    for candidate in reversed(found[-NEAR:]):
        value = max((likeness(mention, m) for m in candidate.mentions[:12] if not m.bare), default=0.0)
        if value > score:
            best, score = candidate, value
    return best if score >= 0.5 else None


def likeness(a: Mention, b: Mention) -> float:
    """How likely two mentions with words of their own speak of the same instrument, from 0 to 1."""
    if a.type != b.type and not (a.type in ACCORDS and b.type in ACCORDS):
        return 0.0
    if (a.years and b.years and a.years != b.years) or (a.dated and b.dated and a.dated != b.dated):
        return 0.0
    if bool(a.dated) != bool(b.dated) and len(a.all_words & b.all_words) < 0.6 * len(a.all_words | b.all_words):
        return 0.0
    if not _agree(a, b) or any((t in a.topics) != (t in b.topics) for t in APART if a.words and b.words):
        return 0.0
    if a.strength == 1 and a.start > b.start and (a.type == b.type or a.anaphoric):
        return 0.55
    if a.sentence == b.sentence and a.strength == b.strength == 3 and a.words != b.words:
        return 0.0
    if not a.words or not b.words:
        return 0.6 if a.parties and set(a.parties) == set(b.parties) and "explicit" in (a.how, b.how) else 0.0
    shared = sum(1 for w in a.words if any(w == v or _close(w, v) for v in b.words))
    if a.type != b.type:
        whole = shared == min(len(a.words), len(b.words)) and a.sentence != b.sentence
        pointed = ((a.anaphoric or b.anaphoric) and shared) or whole
        return 0.65 if pointed and set(a.parties) == set(b.parties) else 0.0
    value = shared / min(len(a.words), len(b.words))
    return value if value >= (0.5 if set(a.parties) == set(b.parties) else 0.6) else 0.0


def _agree(a: Mention, b: Mention) -> bool:
    """Parties that both titles name must be the same; parties only inferred give way to named ones that share a state."""
    if not a.parties or not b.parties or set(a.parties) == set(b.parties):
        return True
    if a.how == b.how == "explicit":
        return False
    return set(a.parties) <= set(b.parties) or set(b.parties) <= set(a.parties)


def _close(a: str, b: str) -> bool:
    return len(a) > 4 and len(b) > 4 and a[0] == b[0] and ratio(a, b) >= 80
