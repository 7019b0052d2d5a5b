"""The knowledge graph of Central Asian diplomatic agreements: every statement with its evidence.

>>> from graph_builder import build
>>> accords = build()                                     # doctest: +SKIP
>>> accords.query("agreements", state="KAZ").to_dataframe()  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph_builder.accords import Accords, build

__all__ = ["Accords", "build"]


def __getattr__(name: str) -> object:
    if name in __all__:
        from graph_builder import accords

        return getattr(accords, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
