"""The network: who is bound to whom, where they stand, and that other tools read it without loss."""

from __future__ import annotations

import io
import itertools
import math

import networkx
import pytest

from graph_builder import exports, layout, network, scenes
from graph_builder.accords import Accords
from graph_builder.digests import Digest, digest

TREATY = "agreements/2022-kaz-uzb-allied-relations"


@pytest.fixture(scope="module")
def found(small: Accords) -> Digest:
    return digest(small)


@pytest.fixture(scope="module")
def graph(small: Accords) -> networkx.MultiDiGraph:
    return network.network(small)


def test_every_record_is_a_node(graph: networkx.MultiDiGraph, found: Digest) -> None:
    assert TREATY in graph
    assert set(found.of("agreements")) <= set(graph)
    assert {"agreements", "states", "people", "events", "places", "organizations", "articles"} == {kind for _, kind in graph.nodes(data="kind")}


def test_the_treaty_is_bound_to_its_parties_and_signatories(graph: networkx.MultiDiGraph) -> None:
    assert {t for _, t, r in graph.out_edges(TREATY, data="relation") if r == "party"} == {"states/kazakhstan", "states/uzbekistan"}
    signed = {(s, d["for"]) for s, _, d in graph.in_edges(TREATY, data=True) if d["relation"] == "signed"}
    assert signed == {("people/kassym-jomart-tokayev", "states/kazakhstan"), ("people/shavkat-mirziyoyev", "states/uzbekistan")}
    assert {s for s, _, r in graph.in_edges(TREATY, data="relation") if r == "consented"} == {"states/kazakhstan", "states/uzbekistan"}


def test_only_accepted_dates_stand_in_it(graph: networkx.MultiDiGraph) -> None:
    assert graph.nodes[TREATY]["signed"] == "2022-12-22"


def test_pairs_count_agreements_and_name_the_closest_tie(found: Digest) -> None:
    pairs = network.pairs(found, found.of("agreements"))
    bond = pairs["states/kazakhstan"]["states/uzbekistan"]
    both = [n for n in found.of("agreements") if {"states/kazakhstan", "states/uzbekistan"} <= set(found.records[n]["party"])]
    assert bond == {"weight": len(both), "tier": "alliance"}


def test_measures_rank_by_paths(found: Digest) -> None:
    measured = network.measures(network.pairs(found, found.of("agreements")))
    assert all(0 <= m["betweenness"] <= 1 and m["degree"] > 0 for m in measured.values())


def test_leaders_sign_with_those_of_other_parties_only(found: Digest) -> None:
    leaders = network.leaders(found, found.of("agreements"))
    assert leaders.has_edge("people/kassym-jomart-tokayev", "people/shavkat-mirziyoyev")
    assert leaders.nodes["people/shavkat-mirziyoyev"]["state"] == "states/uzbekistan"
    assert all(one != other for one, other in leaders.edges)


@pytest.mark.parametrize(("filters", "holds"), [
    ({"state": "states/turkmenistan"}, lambda found, n: "states/turkmenistan" in found.records[n]["party"]),
    ({"state": "states/kazakhstan", "with": "states/uzbekistan"}, lambda found, n: {*network.REGION[::4]} <= set(found.records[n]["party"])),
    ({"person": "people/shavkat-mirziyoyev"}, lambda found, n: "people/shavkat-mirziyoyev" in network.signatories(found, n)),
    ({"topic": "alliance"}, lambda found, n: "topics/alliance" in found.records[n]["subject"]),
    ({"grade": "quote"}, lambda found, n: n in found.said["articles/nematov-state-visit"]),
    ({"on": "2000-12-31"}, lambda found, n: found.one(n, "signed") <= "2000-12-31"),
])  # fmt: skip
def test_filters_leave_what_they_say(found: Digest, filters: dict[str, str], holds: object) -> None:
    chosen = network.selected(found, filters)
    assert chosen
    assert chosen == [n for n in found.of("agreements") if holds(found, n)]  # type: ignore[operator]


def test_in_force_is_never_guessed(found: Digest) -> None:
    for name in found.of("agreements"):
        told = network.status(found, name, "")
        assert (told == "in-force") == bool(found.one(name, "inForce") and not found.one(name, "ended"))


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_it_comes_back_from_other_formats_without_loss(small: Accords, graph: networkx.MultiDiGraph, form: str) -> None:
    read = {"gexf": networkx.read_gexf, "graphml": networkx.read_graphml}[form]
    back = read(io.BytesIO(exports.export(small, form)))
    assert back.is_multigraph()
    assert back.is_directed()
    told = {n: {k: v for k, v in d.items() if k not in ("label", "id")} for n, d in back.nodes(data=True)}
    assert told == {n: {k: v for k, v in d.items() if k != "label"} for n, d in graph.nodes(data=True)}
    if form == "graphml":
        assert dict(back.nodes(data="label")) == dict(graph.nodes(data="label"))

    def edges(of: networkx.MultiDiGraph) -> list[tuple[str, str, list[tuple[str, str]]]]:
        return sorted((a, b, sorted((k, v) for k, v in d.items() if k not in ("id", "key", "networkx_key"))) for a, b, d in of.edges(data=True))

    assert edges(back) == edges(graph)


def test_a_second_reader_opens_the_exports(small: Accords) -> None:
    from xml.etree import ElementTree

    for form, wanted in (("gexf", "{http://www.gexf.net/1.2draft}node"), ("graphml", "{http://graphml.graphdrawing.org/xmlns}node")):
        root = ElementTree.fromstring(exports.export(small, form))
        assert len(list(root.iter(wanted))) == len(network.network(small))


def test_the_region_stands_as_on_a_map(found: Digest) -> None:
    at = scenes.anchors(found)
    kazakhstan, kyrgyzstan, tajikistan, turkmenistan, uzbekistan = (at[name] for name in network.REGION)
    assert kazakhstan[1] < min(p[1] for p in (uzbekistan, turkmenistan, kyrgyzstan, tajikistan))
    assert turkmenistan[0] < uzbekistan[0] < tajikistan[0] < kyrgyzstan[0]
    assert kyrgyzstan[1] < tajikistan[1]


def test_partners_stand_by_compass_and_apart(whole: Accords) -> None:
    at = scenes.anchors(digest(whole))
    assert at["states/russia"][1] < -200
    assert at["states/china"][0] > 300
    assert at["states/turkiye"][0] < -300
    assert at["states/iran"][1] > 100
    assert min(math.dist(a, b) for a, b in itertools.combinations(at.values(), 2)) > 24


def test_the_layout_is_the_same_on_every_run(found: Digest) -> None:
    graph = network.pairs(found, found.of("agreements"))
    assert layout.parties(graph, 7) == layout.parties(graph, 7)
    groups = list(scenes.groups(found, found.of("agreements")))
    assert layout.bundles(groups, layout.parties(graph)) == layout.bundles(reversed(groups), layout.parties(graph))


@pytest.mark.parametrize("lens", scenes.LENSES)
def test_the_first_view_of_the_shipped_data_is_calm(whole: Accords, lens: str) -> None:
    found = digest(whole)
    view = scenes.scene(found, lens, "en", found.of("agreements"))
    assert 20 <= len(view.nodes) <= 300
    shown = {n.id for n in view.nodes}
    assert all(e.one in shown and e.other in shown for e in view.edges)
