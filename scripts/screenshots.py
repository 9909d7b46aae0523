"""Copies the pictures that scripts/window.py has taken into docs/images, smaller, in 256 colours, under 300 kB each."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
SHOTS, IMAGES = ROOT / "build" / "window", ROOT / "docs" / "images"

#: Picture of the window -> picture of the guide.
PICTURES = {
    "1_installed": "window_installed",
    "2_options": "window_options",
    "4_running": "window_running",
    "7_cells": "window_cells",
    "8_time": "window_time",
    "11_demo": "window_demo",
}


def main() -> None:
    for shot, name in PICTURES.items():
        source = SHOTS / f"{shot}.png"
        if not source.is_file():
            raise SystemExit(f"{source} is not there; run 'make demo' and 'make test-window' first.")
        picture = Image.open(source).convert("RGB").resize((1280, 800), Image.LANCZOS).quantize(256, method=1, kmeans=1, dither=0)
        target = IMAGES / f"{name}.png"
        picture.save(target, optimize=True)
        print(f"{target.relative_to(ROOT)}  {target.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
