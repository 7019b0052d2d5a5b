"""Makes the pictures of the README from the shipped data: `python tests/screenshots.py [FOLDER]` (default docs/images)."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from browser import window  # noqa: E402

from graph_builder import accords, picture, store  # noqa: E402

PAIR = "states/kazakhstan~states/uzbekistan"
TREATY = "agreements/2022-kaz-uzb-allied-relations"
SHOTS = {
    "states": (1400, 900, "#lens=states", "light"),
    "agreements": (1400, 900, "#lens=agreements", "light"),
    "leaders": (1400, 900, "#lens=leaders", "light"),
    "pair": (1400, 900, f"#lens=states&open={PAIR}", "light"),
    "leader": (1400, 900, "#lens=leaders&lang=ru&open=people/shavkat-mirziyoyev", "light"),
    "treaty": (1400, 900, f"#lens=states&sel={TREATY}&open={TREATY}", "light"),
    "reading": (1400, 900, f"#lens=states&read=articles/nematov-state-visit&mark={TREATY}", "light"),
    "dark": (1400, 900, "#lens=agreements&lang=kk", "dark"),
    "phone": (390, 844, "#lens=states", "light"),
    "phone-card": (390, 844, "#lens=states&lang=uz&sel=states/uzbekistan", "light"),
}
"""Name of a picture → width, height, address and theme."""


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    found = store.collect(accords.folders())
    graph = accords.Accords(store.fill(found.terms, store.mapped(found)[0]))
    with TemporaryDirectory() as place:
        page = Path(place) / "network.html"
        picture.write(graph, page, lens="states")
        with window() as chrome:
            for name, (width, height, address, theme) in SHOTS.items():
                chrome.size(width, height)
                chrome.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]})
                chrome.open(page, address, settle=1.0)
                if name == "phone-card":
                    chrome.driver.execute_script("document.getElementById('panel').scrollIntoView()")
                chrome.driver.save_screenshot(str(folder / f"{name}.png"))
                light(folder / f"{name}.png")
                print(f"{folder / name}.png", *chrome.errors())


def light(path: Path) -> None:
    """A picture with 256 colours instead of millions, a third of the bytes, where Pillow is there to do it."""
    with suppress(ImportError):
        from PIL import Image

        Image.open(path).convert("RGB").quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "docs" / "images")
