"""Rasterise the emoji training set: every name of a list in each of three drawing styles, 32x32 RGB on white.

Reads only the npm packages pinned in package.json and calls `rsvg-convert`; the same packages give the same bytes.

    npm install --no-package-lock --ignore-scripts
    python3 emoji_data.py --names names.txt --out emoji.npz
"""

import argparse
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

STYLES = ("noto", "fluent-emoji-flat", "twemoji")
GROUPS = (3, 4, 5, 6, 7)  # emojibase: animals and nature, food and drink, travel and places, activities, objects
SUPERSAMPLE = 8


def slug(label: str) -> str:
    """The icon sets' file name for an emojibase label."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", label.lower())).strip("-")


def drawable_names(modules: Path, icons: dict) -> list[str]:
    """Every label of the five groups that all three styles have drawn, in Unicode order."""
    labels = json.loads((modules / "emojibase-data/en/data.json").read_text())
    return [e["label"] for e in labels
            if e.get("group") in GROUPS and all(slug(e["label"]) in s["icons"] for s in icons.values())]


def draw(icon_set: dict, name: str, size: int, *ground: str) -> Image.Image:
    icon = icon_set["icons"][name]
    width, height = icon.get("width", icon_set.get("width", 16)), icon.get("height", icon_set.get("height", 16))
    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
           f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">{icon["body"]}</svg>')
    png = subprocess.run(["rsvg-convert", "-w", str(size), "-h", str(size), *ground], input=svg.encode(), stdout=subprocess.PIPE, check=True).stdout
    return Image.open(BytesIO(png))


def rasterise(icon_set: dict, name: str, size: int) -> np.ndarray:
    """One icon as uint8 [size, size, 3], box-filtered from a larger rendering, on white."""
    return np.asarray(draw(icon_set, name, size * SUPERSAMPLE, "-b", "white").convert("RGB").resize((size, size), Image.BOX))


def rasterise_rgba(icon_set: dict, name: str, size: int) -> np.ndarray:
    """One icon as uint8 [size, size, 4] on nothing."""
    return np.asarray(draw(icon_set, name, 2 * size).convert("RGBA").convert("RGBa").resize((size, size), Image.BOX).convert("RGBA"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modules", type=Path, default=Path(__file__).parent / "node_modules")
    parser.add_argument("--names", type=Path, help="one name per line; default: every name drawn in all three styles")
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    icons = {s: json.loads((options.modules / "@iconify-json" / s / "icons.json").read_text()) for s in STYLES}
    known = drawable_names(options.modules, icons)
    names = [n for n in options.names.read_text().splitlines() if n] if options.names else known
    if missing := [n for n in names if n not in set(known)]:
        print(f"not drawn in all three styles: {', '.join(missing)}", file=sys.stderr)
        return 1

    jobs = [(label, style) for label in range(len(names)) for style in STYLES]
    with ThreadPoolExecutor() as pool:
        images = list(pool.map(lambda job: rasterise(icons[job[1]], slug(names[job[0]]), options.size), jobs))
    np.savez_compressed(options.out, images=np.stack(images), labels=np.array([label for label, _ in jobs], np.int64),
                        names=np.array(names), styles=np.array([style for _, style in jobs]))
    print(f"{options.out}: {len(images)} images of {len(names)} names")
    return 0


if __name__ == "__main__":
    sys.exit(main())
