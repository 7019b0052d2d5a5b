"""The graph in the forms of other tools."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from graph_builder import outputs
from graph_builder.faults import Refused
from graph_builder.terms import suggestion

if TYPE_CHECKING:
    from graph_builder.accords import Accords


def export(accords: Accords, form: str) -> bytes:
    """The graph as gexf, graphml, csv, xlsx, trig, ttl, jsonld or nq. Raises Refused for another form."""
    if form not in FORMS:
        raise Refused(f"no format `{form}`{suggestion(form, FORMS)}; choose one of {', '.join(FORMS)}")
    return FORMS[form](accords, form)


def _graph(accords: Accords, form: str) -> bytes:
    return outputs.dump(accords.store, form)


def _network(accords: Accords, form: str) -> bytes:
    import networkx

    out = io.BytesIO()
    write: Callable[..., Any] = networkx.write_gexf if form == "gexf" else networkx.write_graphml
    write(accords.network(), out)
    return out.getvalue()


def _sheet(accords: Accords, form: str) -> bytes:
    from graph_builder.sheets import sheet

    return sheet(accords, form)


FORMS: dict[str, Callable[[Accords, str], bytes]] = {
    "gexf": _network, "graphml": _network, "csv": _sheet, "xlsx": _sheet, "trig": _graph, "ttl": _graph, "jsonld": _graph, "nq": _graph,
}  # fmt: skip
