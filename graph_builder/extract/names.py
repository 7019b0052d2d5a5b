"""What is a name in a text, whose states are a group's, which state is a person's?"""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .gazetteer import Gazetteer
from .languages import groups


@dataclass(slots=True)
class Name:
    """A name in the text: kind (state, group, person, organization, place), entry of the gazetteer, party codes, offsets."""

    kind: str
    entry: int
    codes: tuple[str, ...]
    start: int
    end: int
    adjective: bool = False
    full: bool = True


def state_of(gazetteer: Gazetteer, entry: int) -> list[str]:
    """The state that a person holds or held office in (the commonest one of the tenures)."""
    counts = Counter(t["of"] for t in gazetteer.entries[entry].get("tenures", []) if len(t["of"]) == 3)
    return [counts.most_common(1)[0][0]] if counts else []


def members(group: str, region: bool = False) -> list[str]:
    """The states of a group that the language files name; of a region's name only where asked for."""
    known = groups()
    if region:
        group = known["regions"].get(group, group)
    return list(known["states"].get(group, []))
