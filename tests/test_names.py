"""Things are found by their name in any language, by code and by record name, and shown in the language asked for."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from graph_builder.accords import Accords
from graph_builder.questions import TYPES, Names, Refused

BASE = "https://w3id.org/central-asia-accords/"


@pytest.fixture(scope="module")
def names(small: Accords) -> Names:
    return small.names


KAZAKHSTAN = (
    "kazakhstan", "Kazakhstan", "KAZAKHSTAN", "Казахстан", "казахстан", "Қазақстан", "KAZ", "kaz", "states/kazakhstan", BASE + "states/kazakhstan",
    "Republic of Kazakhstan", "Республика Казахстан",
)  # fmt: skip


@pytest.mark.parametrize("text", KAZAKHSTAN)
def test_a_state_is_found_by_any_of_its_names(text: str, names: Names) -> None:
    assert names.find(text, ("states",)) == BASE + "states/kazakhstan"


@pytest.mark.parametrize("text", ["shavkat-mirziyoyev", "Shavkat Mirziyoyev", "Шавкат Мирзиёев", "people/shavkat-mirziyoyev"])
def test_a_person_is_found_by_any_of_its_names(text: str, names: Names) -> None:
    assert names.find(text, TYPES["person"]) == BASE + "people/shavkat-mirziyoyev"


@pytest.mark.parametrize(("kind", "iri"), [("topic", "topics/water"), ("form", "types/treaty"), ("role", "roles/president")])
def test_a_word_of_a_list_is_found(kind: str, iri: str, names: Names) -> None:
    assert names.find(iri.partition("/")[2], TYPES[kind]) == BASE + iri


@pytest.mark.parametrize(("text", "wanted"), [("Kazakstan", "kazakhstan"), ("Узбекстан", "узбекистан"), ("uzbekistn", "uzbekistan")])
def test_a_slip_is_answered_with_the_near_name(text: str, wanted: str, names: Names) -> None:
    with pytest.raises(Refused, match=f"did you mean `{wanted}`"):
        names.find(text, ("states",))


def test_a_name_of_another_folder_is_not_found(names: Names) -> None:
    with pytest.raises(Refused, match="nothing is called `tashkent` among states"):
        names.find("tashkent", ("states",))


def test_a_name_of_two_things_asks_which() -> None:
    store = ox.Store()
    for name in ("places/osh", "places/osh-region"):
        store.add(ox.Quad(ox.NamedNode(BASE + name), ox.NamedNode("https://schema.org/name"), ox.Literal("Osh", language="en"), ox.DefaultGraph()))
    found = Names(store)
    with pytest.raises(Refused, match="may be places/osh, places/osh-region; say which"):
        found.find("Osh", ("places",))
    assert found.find("places/osh", ("places",)) == BASE + "places/osh"


@pytest.mark.parametrize(("language", "label"), [("en", "Kazakhstan"), ("ru", "Казахстан"), ("kk", "Қазақстан"), ("zh", "Kazakhstan"), ("", "Kazakhstan")])
def test_a_label_falls_back_in_one_order(language: str, label: str, names: Names) -> None:
    assert names.label(BASE + "states/kazakhstan", language) == label


def test_what_has_no_name_is_shown_by_its_short_address(names: Names) -> None:
    assert names.label(BASE + "states/atlantis", "en") == "states/atlantis"
    assert names.label("https://example.org/x", "en") == "https://example.org/x"


def test_an_office_without_a_title_is_shown_by_role_and_body(names: Names) -> None:
    assert names.label(BASE + "offices/president-kyrgyzstan", "en") == "President · Kyrgyzstan"


def test_everything_has_a_label_in_english_and_russian(small: Accords, names: Names) -> None:
    for folder in ("agreements", "states", "organizations", "people", "places", "events", "topics", "types", "roles"):
        every = {iri: labels for iri, labels in names.labels.items() if iri.startswith(f"{BASE}{folder}/")}
        assert every
        assert [iri for iri, labels in every.items() if not {"en", "ru"} <= labels.keys()] == []
