"""How a record's JSON-LD nodes become TriG text, which the engine reads twice as fast as the JSON-LD itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring as quoted
from typing import Any

from graph_builder.terms import Terms

Node = dict[str, Any]


class Writer:
    """Writes JSON-LD nodes (`triples.Mapper`) as TriG; reads of the context what that mapper uses of it."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.types = {key: term["@type"] for key, term in terms.context.items() if isinstance(term, dict) and "@type" in term}
        self.predicates = {key: f"<{terms.expand(key)}>" for key in terms.context if not key.startswith("@")}

    def text(self, nodes: Iterable[Node]) -> str:
        """TriG of nodes; those under `@graph` stand in the graph that their parent names."""
        out: list[str] = []
        for node in nodes:
            if "@graph" not in node:
                self._node(node, out)
                continue
            out.append(self.iri(node["id"]) + "{")
            for inner in node["@graph"]:
                self._node(inner, out)
            out.append("}")
        return "\n".join(out) + "\n"

    def iri(self, name: str) -> str:
        """An address as it is, a name with a known prefix in full, a record's name under the base.

        >>> from graph_builder.terms import load
        >>> Writer(load()).iri("states/kazakhstan")
        '<https://w3id.org/central-asia-accords/states/kazakhstan>'
        """
        prefix, colon, local = name.partition(":")
        if not colon:
            return f"<{self.terms.base}{name}>"
        return f"<{name if local.startswith('//') else self.terms.context[prefix] + local}>"

    def _node(self, node: Node, out: list[str]) -> None:
        parts = [f"{self.iri(node['id'])} a {self.iri(node['is'])}"]
        for key, value in node.items():
            if key not in ("id", "is") and (objects := ",".join(self._objects(key, value, out))):
                parts.append(f"{self.predicates[key]} {objects}")
        out.append(";".join(parts) + ".")

    def _objects(self, key: str, value: Any, out: list[str]) -> Iterator[str]:
        kind = self.types.get(key, "")
        for item in value if isinstance(value, list) else (value,):
            if not isinstance(item, dict):
                yield self.iri(item) if kind in ("@id", "@vocab") else self._literal(item, kind)
            elif "id" in item:
                yield self.iri(item["id"])
                if "is" in item:
                    self._node(item, out)
            elif "@value" in item:
                yield quoted(item["@value"]) + "@" + item["@language"] if "@language" in item else self._literal(item["@value"], item["@type"])
            else:
                for language, texts in item.items():
                    yield from (f"{quoted(t)}@{language}" for t in ([texts] if isinstance(texts, str) else texts))

    def _literal(self, value: Any, kind: str) -> str:
        if not isinstance(value, str):
            value = str(value).lower()
        return f"{quoted(value)}^^{self.iri(kind)}" if kind else quoted(value)
