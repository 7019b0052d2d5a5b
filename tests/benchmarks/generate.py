"""N agreements of realistic shape: about 25 statements each, four languages, one or two sources, a quote for every tenth."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

STATES = (
    ("kazakhstan", "KAZ"), ("kyrgyzstan", "KGZ"), ("tajikistan", "TJK"), ("turkmenistan", "TKM"), ("uzbekistan", "UZB"), ("russia", "RUS"), ("china",
    "CHN"), ("turkiye", "TUR"),
    ("iran", "IRN"), ("afghanistan", "AFG"), ("azerbaijan", "AZE"), ("georgia", "GEO"), ("armenia", "ARM"), ("belarus", "BLR"), ("ukraine", "UKR"),
    ("moldova", "MDA"), ("india", "IND"),
    ("pakistan", "PAK"), ("mongolia", "MNG"), ("japan", "JPN"), ("germany", "DEU"), ("france", "FRA"), ("italy", "ITA"), ("hungary", "HUN"),
    ("poland", "POL"), ("latvia", "LVA"),
)  # fmt: skip
TYPES = ("agreement", "treaty", "memorandum", "protocol", "joint-statement", "declaration", "programme")
TOPICS = (
    "water",
    "energy",
    "trade",
    "culture",
    "education",
    "security",
    "transport",
    "border-delimitation",
    "friendship",
    "investment",
    "taxation",
    "health",
    "science",
    "roads",
)
RU = {"water": "воде", "trade": "торговле", "culture": "культуре"}
HOSTS = tuple(f"host{n}.example" for n in range(40))
STATEMENTS = "type, title, party, signed, subject"
PEOPLE_PER = 25
"""Agreements for one person: a signatory signs some."""


def generate(folder: Path, count: int, seed: int = 7) -> Path:
    """Writes a data folder of `count` agreements that stands alone; the same bytes for the same count and seed."""
    dice = random.Random(seed)
    for name in ("agreements", "states", "places", "people", "articles"):
        (folder / name).mkdir(parents=True)
    (folder / "alone").write_text("", encoding="utf-8")
    hosts = (f'{h}: {{kind: news, country: states/kazakhstan, name: {{en: "{h}", ru: "{h}"}}}}\n' for h in HOSTS)
    (folder / "publishers.yaml").write_text("".join(hosts), encoding="utf-8")
    people = max(50, count // PEOPLE_PER)
    for state, code in STATES:
        _write(folder / "states", state, f"name: {{en: {state.title()}, ru: {code} по-русски}}\ncode: {code}\n", "name, code", dice)
    for n in range(60):
        _write(folder / "places", f"city-{n}", f"type: city\nname: {{en: City {n}, ru: Город {n}}}\n", "type, name", dice)
    for n in range(people):
        state = STATES[n % len(STATES)][0]
        _write(
            folder / "people",
            f"person-{n}",
            f"name: {{en: Person {n}, ru: Персона {n}}}\ntenure:\n  - {{role: minister, of: states/{state}}}\n",
            "name, tenure",
            dice,
        )
    for first in range(0, count, 1000):
        _thousand(folder, first, min(first + 1000, count), people, dice)
    return folder


def _thousand(folder: Path, first: int, past: int, people: int, dice: random.Random) -> None:
    """Some agreements, and the article that quotes every tenth of them."""
    lines = []
    for n in range(first, past):
        title = f"Соглашение № {n} о сотрудничестве по теме {n % 97}"
        quoted = n % 10 == 0
        lines += [f"Стороны подписали «{title}» в присутствии глав правительств."] if quoted else []
        _agreement(folder, n, title, f"articles/review-{first}" if quoted else "", people, dice)
    text = "\n\n".join(lines) + "\n"
    (folder / "articles" / f"review-{first}.txt").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    body = f"title: {{ru: Обзор {first}, en: Review {first}}}\nlanguage: ru\ntext: review-{first}.txt\nsha256: {digest}\n"
    _write(folder / "articles", f"review-{first}", body, "title, language", dice)


def _agreement(folder: Path, n: int, title: str, article: str, people: int, dice: random.Random) -> None:
    (one, a), (other, b) = dice.sample(STATES, 2)
    day = f"{dice.randint(1992, 2025)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    topic, second = dice.sample(TOPICS, 2)
    signs = [f"  people/person-{dice.randrange(people // 2) * 2 + side}: {{for: states/{s}}}\n" for side, s in enumerate((one, other))]
    body = (
        f"type: {dice.choice(TYPES)}\ntitle:\n  en: Agreement No. {n} between {one.title()} and {other.title()} on cooperation in {topic}\n  ru: {title}\n"
        f"  kk: {n}-келісім, ынтымақтастық туралы\n  uz: {n}-sonli hamkorlik toʻgʻrisidagi bitim\nparty: [states/{one}, states/{other}]\nsigned: {day}\n"
        f"place: places/city-{dice.randrange(60)}\nsignature:\n{''.join(signs)}inForce: {int(day[:4]) + 1}{day[4:7]}\nsubject: [{topic}, {second}]\n"
    )
    extra = f"  {article}:\n    - quote: {title}\n      supports: [title.ru]\n" if article else ""
    name = f"{day[:4]}-{a.lower()}-{b.lower()}-topic-{n}"
    _write(folder / "agreements", name, body, f"{STATEMENTS}, place, signature, inForce", dice, extra, two=not article and n % 2 == 0)


def _write(folder: Path, name: str, body: str, supports: str, dice: random.Random, extra: str = "", two: bool = False) -> None:
    pages = [
        f"  https://{host}/{folder.name}/{name}:\n    - supports: [{supports if not n else supports.split(', ')[0]}]\n"
        for n, host in enumerate(dice.sample(HOSTS, 1 + two))
    ]
    (folder / f"{name}.yaml").write_text(f"{body}seen: 2026-11-22\nsources:\n{''.join(pages)}{extra}", encoding="utf-8")
