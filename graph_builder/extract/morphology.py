"""What part of speech is a Russian word, in which case? (pymorphy3, loaded when first asked; other languages need none.)"""
from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from .languages import Rules

_CYRILLIC = re.compile(r"[а-яё]+(?:-[а-яё]+)*")
_VERBS = {"VERB", "INFN", "GRND", "PRTS", "PRED", "ADVB", "NPRO"}


@lru_cache(maxsize=1)
def _analyzer() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")


@lru_cache(maxsize=50_000)
def readings(word: str) -> tuple[tuple[str, str, str, str], ...]:
    """Readings of a Russian word, likeliest first: part of speech, case, grammemes, dictionary form; an empty one for odd strings."""
    parsed = _analyzer().parse(word)[:6] if _CYRILLIC.fullmatch(word) else ()
    return tuple((str(p.tag.POS or ""), str(p.tag.case or ""), str(p.tag), str(p.normal_form)) for p in parsed) or (("", "", "", word),)


def is_given(word: str, rules: Rules) -> bool:
    """Whether a Russian word can be a given name."""
    return rules.code == "ru" and any("Name" in tags for _, _, tags, _ in readings(word))


def ends_title(word: str, before: str) -> bool:
    """Whether a Russian word cannot belong to a title: a verb, an adverb, a pronoun (but for one after a preposition)."""
    part = readings(word)[0][0]
    return part in _VERBS and not (part == "NPRO" and readings(before)[0][0] == "PREP")


def can_be(word: str, case: str) -> bool:
    """Whether a Russian noun or adjective can stand in a case (gent, loct, datv …)."""
    return any(c == case and pos in ("NOUN", "ADJF", "PRTF", "NUMR") for pos, c, _, _ in readings(word))


def is_verb(word: str) -> bool:
    """Whether a Russian word is likeliest a verb with a subject."""
    return readings(word)[0][0] in ("VERB", "PRTS")


def is_subject(noun: str, verb: str) -> bool:
    """Whether a Russian noun can be the subject of a verb: a nominative of the same number."""
    numbers = {n for pos, case, tags, _ in readings(noun) if case == "nomn" and pos == "NOUN" for n in ("sing", "plur") if n in tags}
    return any(n in readings(verb)[0][2] for n in numbers)


def is_plural(word: str) -> bool:
    """Whether a Russian noun can be a plural."""
    return any(pos == "NOUN" and "plur" in tags for pos, _, tags, _ in readings(word))


def trails(word: str) -> bool:
    """Whether a Russian word cannot be the last one of a title: a preposition, a particle."""
    return readings(word)[0][0] in ("PREP", "PRCL", "CONJ")


def is_modifier(word: str) -> bool:
    """Whether a Russian word is an adjective (or an adjectival participle)."""
    return readings(word)[0][0] in ("ADJF", "PRTF") or re.search(r"[сц]к(?:ий|ая|ое|ие|ого|ой|ому|ую|им|ом|их|ими)$", word) is not None


def is_known(word: str) -> bool:
    """Whether the Russian dictionary has the word."""
    return bool(_CYRILLIC.fullmatch(word) and _analyzer().word_is_known(word))


def is_womans(given: str) -> bool:
    """Whether a Russian given name, as it stands, is the nominative of a woman's and no case of a man's."""
    names = [tags for _, _, tags, _ in readings(given) if "Name" in tags]
    return any("femn" in t and "nomn" in t for t in names) and not any("masc" in t for t in names)
