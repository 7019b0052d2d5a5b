"""The network: states, people, agreements, organisations, events and places, and who is bound to whom by what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from graph_builder.digests import RECORDS, Digest, digest

if TYPE_CHECKING:
    import networkx

    from graph_builder.accords import Accords

REGION = tuple(f"states/{name}" for name in ("kazakhstan", "kyrgyzstan", "tajikistan", "turkmenistan", "uzbekistan"))
"""The five states of Central Asia, whose relations this graph is about."""
TIERS = ("cooperation", "friendship", "strategic-partnership", "alliance")
"""How close two states are by the topics of the agreements between the two alone, loosest first."""
FILTERS = ("state", "with", "person", "form", "topic", "status", "grade", "on")
PLAIN = {"party", "place", "event", "references", "replaces", "amends", "creates", "depositary", "host", "visitor", "participant", "member", "partOf",
         "country", "region", "author", "mentions"}  # fmt: skip
"""Keys of a record that point straight to another record."""


def network(accords: Accords) -> networkx.MultiDiGraph:
    """The accepted graph for networkx.

    A node is a record by its short name (`states/kazakhstan`) with `kind`, `label`, `label_ru` and its dates; an edge has the
    property as its key and as `relation`; a signature runs from the person to the agreement, a consent from the party.
    """
    import networkx

    found = digest(accords)
    graph = networkx.MultiDiGraph(name="Central Asian accords")
    for folder in RECORDS:
        for name in found.of(folder):
            graph.add_node(name, **_attributes(found, name, folder))
    for name in list(graph):
        for target, relation, more in _relations(found, name):
            if target in graph:
                one, other = (target, name) if relation in ("signed", "consented") else (name, target)
                again = f" {graph.number_of_edges(one, other) + 1}" if graph.has_edge(one, other, relation) else ""
                graph.add_edge(one, other, key=relation + again, relation=relation, **more)
    return graph


def _attributes(found: Digest, name: str, folder: str) -> dict[str, str]:
    record = found.records[name]
    plain = {k: record[k][0] for k in ("signed", "inForce", "ended", "start", "end", "code", "founded") if k in record}
    words = {k: found.one(name, k).rpartition("/")[2] for k in ("type", "status") if k in record}
    topics = {"topics": "|".join(t.rpartition("/")[2] for t in record["subject"])} if "subject" in record else {}
    return {"kind": folder, "label": found.label(name), "label_ru": found.label(name, "ru"), **plain, **words, **topics}


def _relations(found: Digest, name: str) -> Iterable[tuple[str, str, dict[str, str]]]:
    record = found.records[name]
    for key in sorted(PLAIN & set(record)):
        yield from ((target, key, {}) for target in record[key])
    for signature in record.get("signature", ()):
        more = {k: found.one(signature, k) for k in ("for", "office") if found.one(signature, k)}
        yield from ((person, "signed", more) for person in found.records.get(signature, {}).get("signatory", ()))
    for consent in record.get("consent", ()):
        more = {"step": found.one(consent, "step").rpartition("/")[2], "date": found.one(consent, "date")}
        yield from ((party, "consented", {k: v for k, v in more.items() if v}) for party in found.records.get(consent, {}).get("party", ()))
    for tenure in record.get("tenure", ()):
        more = {k: found.one(tenure, k) for k in ("start", "end") if found.one(tenure, k)}
        more["office"] = found.one(tenure, "office")
        yield from ((body, "held office in", more) for body in found.records.get(tenure, {}).get("of", ()))


def signatories(found: Digest, agreement: str) -> list[str]:
    """People who signed an agreement."""
    return [p for s in found.records[agreement].get("signature", ()) for p in found.records.get(s, {}).get("signatory", ())]


def selected(found: Digest, filters: Mapping[str, str]) -> list[str]:
    """Agreements that pass the filters: `state`, `with`, `person`, `form`, `topic`, `status`, `grade`, `on` (as of a date)."""
    return [name for name in found.of("agreements") if all(_passes(found, name, key, value) for key, value in filters.items() if value)]


def _passes(found: Digest, name: str, key: str, value: str) -> bool:
    record = found.records[name]
    if key in ("state", "with"):
        return value in record.get("party", ())
    if key == "person":
        return value in signatories(found, name)
    if key in ("form", "topic"):
        return value.rpartition("/")[2] in {v.rpartition("/")[2] for v in record.get("type" if key == "form" else "subject", ())}
    if key == "status":
        return status(found, name, "") == value
    if key == "grade":
        return value in grades(found, name)
    return found.one(name, "signed") <= value if found.one(name, "signed") else False


def grades(found: Digest, name: str) -> set[str]:
    """Kinds of the publishers that an agreement's sources have; `quote` where a stored text says something of it."""
    result = set()
    for source, said in found.said.items():
        if name in said:
            publisher = next(iter(found.pages.get(source, {}).get("publisher", ())), "")
            kind = next(iter(found.publishers.get(publisher, {}).get("kind", ())), "")
            result.add("quote" if source.startswith("articles/") else kind.rpartition("/")[2])
    return result


def status(found: Digest, name: str, day: str) -> str:
    """`in-force`, `ended`, `planned` or `unknown` on a day (`""`: now as far as told), never a guess."""
    force, end = found.one(name, "inForce"), found.one(name, "ended")
    if end and (not day or end <= day):
        return "ended"
    if force and (not day or force <= day):
        return "in-force"
    return "unknown" if found.one(name, "signed") else "planned"


def bonds(accords: Accords) -> networkx.Graph:
    """Who is a party to an agreement together with whom, by short names: quicker than `pairs`, without weights by tier."""
    import networkx

    terms, parties = accords.names.terms, defaultdict(set)
    for quad in accords.store.quads_for_pattern(None, ox.NamedNode(terms.expand("dip:party")), None, ox.DefaultGraph()):
        parties[str(quad.subject)].add(accords.names.short(quad.object.value))  # type: ignore[union-attr]
    graph = networkx.Graph()
    for together in parties.values():
        graph.add_edges_from(combinations(sorted(together), 2), weight=1)
    return graph


def pairs(found: Digest, agreements: Iterable[str]) -> networkx.Graph:
    """Who is bound to whom: an edge for each two parties with `weight` (agreements) and `tier` (of those between the two alone)."""
    import networkx

    graph = networkx.Graph()
    tiers: dict[tuple[str, str], int] = defaultdict(int)
    weights: Counter[tuple[str, str]] = Counter()
    for name in agreements:
        parties = sorted(found.records[name].get("party", ()))
        graph.add_nodes_from(parties)
        for pair in combinations(parties, 2):
            weights[pair] += 1
            if len(parties) == 2:
                tiers[pair] = max(tiers[pair], tier(found, name))
    graph.add_edges_from((*pair, {"weight": weight, "tier": TIERS[tiers[pair]]}) for pair, weight in sorted(weights.items()))
    return graph


def tier(found: Digest, agreement: str) -> int:
    """Place in `TIERS` that an agreement's topics give."""
    topics = {t.rpartition("/")[2] for t in found.records[agreement].get("subject", ())}
    return max((n for n, name in enumerate(TIERS) if name in topics), default=0)


def leaders(found: Digest, agreements: Iterable[str]) -> networkx.Graph:
    """Who signed with whom: people as nodes (`signed`, `state`), an edge for two who signed for different parties."""
    import networkx

    graph = networkx.Graph()
    counts: Counter[str] = Counter()
    states: dict[str, Counter[str]] = defaultdict(Counter)
    for name in agreements:
        signed = {}
        for signature in found.records[name].get("signature", ()):
            person, party = found.one(signature, "signatory"), found.one(signature, "for")
            if person:
                signed[person] = party
                counts[person] += 1
                states[person][party] += 1
        for one, other in combinations(sorted(signed), 2):
            if signed[one] != signed[other]:
                weight = graph.get_edge_data(one, other, {"weight": 0})["weight"]
                graph.add_edge(one, other, weight=weight + 1)
    for person, count in sorted(counts.items()):
        state = min(states[person].items(), key=lambda pair: (-pair[1], pair[0]))[0]
        graph.add_node(person, signed=count, state=state)
    return graph


def measures(graph: networkx.Graph) -> dict[Any, dict[str, float]]:
    """For each node: `degree`, `strength` (sum of weights) and `betweenness` (share of shortest paths, unweighted)."""
    import networkx

    between = networkx.betweenness_centrality(graph)
    return {n: {"degree": graph.degree(n), "strength": graph.degree(n, weight="weight"), "betweenness": round(between[n], 6)} for n in graph}
