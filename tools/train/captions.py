"""Compose captioned pictures from the emoji sets: one object or two, recoloured, turned, moved, on a coloured ground; 64x64 RGB.

Every picture is a function of the seed and its number. Some combinations are held out, so that prompts which were never seen can be judged.

    python3 captions.py --names names.txt --drawings drawings.npz               # what another machine without icons or rsvg-convert composes from
    python3 captions.py --drawings drawings.npz --count 24000 --out scenes.npz
    python3 captions.py --drawings drawings.npz --count 64 --preview scenes.png
"""

import argparse
import json
import multiprocessing
import random
import re
import zlib
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from emoji_data import STYLES, drawable_names, rasterise_rgba, slug

SIZE = 64
SOURCE = 128  # the drawings are kept at this size and scaled down for each picture
STYLE_WORDS = {"noto": ("noto style", "shaded style"), "fluent-emoji-flat": ("flat style", "fluent style"), "twemoji": ("twemoji style", "simple style")}
PAINTS = {"red": (221, 46, 68), "orange": (244, 144, 12), "yellow": (255, 204, 77), "green": (80, 168, 68), "blue": (60, 130, 240),
          "purple": (150, 90, 200), "pink": (247, 140, 190), "brown": (150, 95, 60), "gray": (140, 146, 156)}
GROUNDS = {"red": (235, 110, 110), "orange": (250, 180, 100), "yellow": (255, 232, 130), "green": (140, 205, 130), "blue": (120, 180, 245),
           "purple": (190, 150, 230), "pink": (250, 190, 215), "brown": (180, 140, 110), "gray": (190, 195, 200), "black": (30, 30, 36),
           "white": (255, 255, 255)}
PLACES = {"on the left": (-1, 0), "on the right": (1, 0), "at the top": (0, -1), "at the bottom": (0, 1), "in the top left corner": (-1, -1),
          "in the top right corner": (1, -1), "in the bottom left corner": (-1, 1), "in the bottom right corner": (1, 1)}
APPLES = {"red apple": "red", "green apple": "green"}  # two drawings of one thing: their colour is a word of its own
KINDS = ("plain", "recoloured", "moved", "pair", "turned")
MIX = (36, 26, 10, 22, 6)  # in how many of a hundred pictures
HELD_COLOURS = {("green", "fox"), ("blue", "banana"), ("pink", "elephant"), ("purple", "house"), ("red", "penguin")}
HELD_SHARE = 0.15


ALIASES = {"automobile": ("car",), "locomotive": ("train", "steam train"), "airplane": ("plane", "aeroplane"), "crescent moon": ("moon",),
           "wrapped gift": ("gift", "present"), "gem stone": ("diamond", "gem"), "doughnut": ("donut",), "hamburger": ("burger",),
           "spouting whale": ("whale",), "tropical fish": ("fish",), "lady beetle": ("ladybug", "ladybird"), "four leaf clover": ("clover",),
           "birthday cake": ("cake",), "soccer ball": ("ball", "football"), "alarm clock": ("clock",), "light bulb": ("lamp", "bulb"),
           "chicken": ("hen",), "sailboat": ("boat",), "rabbit face": ("bunny", "rabbit"), "fire": ("flame",), "sun": ("the sun",)}


def told_otherwise(caption: str, rng: random.Random) -> str:
    """The same with other words for things: "cat" for "cat face", "car" for "automobile"."""
    for name, others in ALIASES.items():
        if name in caption and rng.random() < 0.5:
            other = rng.choice(others)
            caption = re.sub(rf"\ba(n?) {name}\b", other if other.startswith("the ") else article(other), caption)
            caption = re.sub(rf"\b{name}\b", other, caption)
    return caption.replace(" face", "") if rng.random() < 0.6 else caption


def every_alias(told: list) -> list:
    return [other for others in ALIASES.values() for other in others for _ in range(max(1, len(told) // 500))]


def is_held_out(*words: str) -> bool:
    """Combinations never shown in training; pairs of objects count in either order."""
    return tuple(words) in HELD_COLOURS or zlib.crc32(" ".join(sorted(words)).encode()) % 1000 < 1000 * HELD_SHARE


def article(words: str) -> str:
    plural = words.endswith("cherries")
    return words if plural else f"{'an' if words[0] in 'aeio' or words.startswith('umb') else 'a'} {words}"


def recolour(rgba: np.ndarray, paint: tuple) -> np.ndarray:
    """Give a drawing another colour and keep its shading: dark lines stay dark, and white stays white in what is mostly coloured."""
    rgb, alpha = rgba[..., :3] / 255, rgba[..., 3:] / 255
    light = rgb @ np.array([0.299, 0.587, 0.114])
    chroma = rgb.max(-1) - rgb.min(-1)
    coloured = chroma > 0.18
    is_grey = (coloured * alpha[..., 0]).sum() < 0.3 * alpha.sum()
    body = alpha[..., 0] > 0.5
    middle = np.median(light[body & (light > 0.25)]) if (body & (light > 0.25)).any() else 0.5
    relative = np.clip(light / max(middle, 0.2), 0, 1.8)[..., None]
    target = np.array(paint) / 255
    tinted = np.where(relative < 1, target * (0.25 + 0.75 * relative), target + (1 - target) * np.clip((relative - 1) * 0.9, 0, 0.75))
    weight = np.clip((light - 0.12) / 0.12, 0, 1) if is_grey else np.clip((chroma - 0.06) / 0.12, 0, 1)
    out = rgb + (tinted - rgb) * weight[..., None]
    return np.concatenate([np.clip(out, 0, 1) * 255, alpha * 255], -1).astype(np.uint8)


def place(canvas: Image.Image, drawing: np.ndarray, centre: tuple, side: int) -> None:
    picture = Image.fromarray(drawing, "RGBA").convert("RGBa").resize((side, side), Image.BOX if SOURCE % side == 0 else Image.LANCZOS).convert("RGBA")
    canvas.paste(picture, (round(centre[0] - side / 2), round(centre[1] - side / 2)), picture)


class Composer:
    """Draws picture number i of a seed with its caption."""

    def __init__(self, drawings: dict, names: list, seed: int, styles: tuple = STYLES, mix: tuple = MIX):
        self.drawings, self.names, self.seed, self.styles, self.mix = drawings, names, seed, styles, mix

    def thing(self, rng: random.Random, style: str, colour_share: float):
        """(words, drawing): a name, perhaps in a colour that is not its own."""
        name = rng.choice(self.names)
        noun = "apple" if name in APPLES else name
        drawing = self.drawings[name, style]
        has_colour = name not in APPLES and name.split()[0] in GROUNDS  # "blue book" stays blue
        if rng.random() < colour_share and not has_colour:
            paint = rng.choice([p for p in PAINTS if name not in APPLES or p not in APPLES.values()])
            if not is_held_out(paint, noun):
                return noun, f"{paint} {noun}", recolour(drawing, PAINTS[paint])
        if name in APPLES and rng.random() < 0.3 and name == "red apple":
            return noun, "apple", drawing
        return noun, name, drawing

    def scene(self, number: int):
        rng = random.Random(self.seed * 1_000_003 + number)
        style = rng.choice(self.styles)
        kind = rng.choices(KINDS, self.mix)[0]
        ground = rng.choice([g for g in GROUNDS if g != "white"]) if rng.random() < (0.3 if kind == "plain" else 0.35) else "white"
        canvas = Image.new("RGB", (SIZE, SIZE), GROUNDS[ground])
        noun, words, drawing = self.thing(rng, style, {"plain": 0, "recoloured": 1, "pair": 0.25}.get(kind, 0.15))
        tail = ""
        if kind == "pair":
            other, other_words, other_drawing = self.thing(rng, style, 0.25)
            while is_held_out(noun, other):
                other, other_words, other_drawing = self.thing(rng, style, 0.25)
            place(canvas, drawing, (SIZE * 0.26, SIZE / 2), 30)
            place(canvas, other_drawing, (SIZE * 0.74, SIZE / 2), 30)
            joint = rng.choice(("and", "and", "next to", "left of"))
            subject = f"{article(words)} {joint} {article(other_words)}"
        elif kind == "moved":
            where, (dx, dy) = rng.choice(list(PLACES.items()))
            place(canvas, drawing, (SIZE / 2 + 15 * dx, SIZE / 2 + 15 * dy), 32)
            subject, tail = article(f"{rng.choice(('small ', ''))}{words}"), f" {where}"
        elif kind == "turned":
            how = rng.choice(("small", "upside down", "mirrored"))
            turned = {"upside down": drawing[::-1], "mirrored": drawing[:, ::-1]}.get(how, drawing)
            place(canvas, turned, (SIZE / 2, SIZE / 2), 32 if how == "small" else 60)
            subject, tail = (article(f"small {words}"), "") if how == "small" else (article(words), f" {how}")
        else:
            place(canvas, drawing, (SIZE / 2, SIZE / 2), 60)
            subject = article(words)
        return np.asarray(canvas), self.caption(rng, kind, subject, tail, ground, style)

    def caption(self, rng: random.Random, kind: str, subject: str, tail: str, ground: str, style: str) -> str:
        if rng.random() < 0.2 and kind != "pair" and not tail:
            subject = subject.split(" ", 1)[-1] if subject[:2] in ("a ", "an") else subject  # names alone are prompts too
        on = f" on {article(ground)} background" if ground != "white" or rng.random() < 0.12 else ""
        named = f", {rng.choice(STYLE_WORDS[style])}" if rng.random() < 0.6 else ""
        return f"{subject}{tail}{on}{named}"


def draw_all(modules: Path, names: list) -> dict:
    """Every name in every style, uint8 [128, 128, 4] on nothing; all names that can be drawn if none are given."""
    icons = {s: json.loads((modules / "@iconify-json" / s / "icons.json").read_text()) for s in STYLES}
    drawable = drawable_names(modules, icons)
    names, known = names or drawable, set(drawable)
    if missing := [n for n in names if n not in known]:
        raise SystemExit(f"not drawn in all three styles: {', '.join(missing)}")
    jobs = [(n, s) for n in names for s in STYLES]
    with ThreadPoolExecutor() as pool:
        return dict(zip(jobs, pool.map(lambda job: rasterise_rgba(icons[job[1]], slug(job[0]), SOURCE), jobs)))


_composer = None


def set_composer(composer: Composer) -> None:
    global _composer
    _composer = composer


def compose(job):
    return [_composer.scene(i) for i in range(*job)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modules", type=Path, default=Path(__file__).parent / "node_modules")
    parser.add_argument("--names", type=Path, help="one name per line; default: every name drawn in all three styles")
    parser.add_argument("--drawings", type=Path, help="written if it is not there, read if it is")
    parser.add_argument("--count", type=int, default=24000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--styles", nargs="+", default=STYLES, choices=STYLES)
    parser.add_argument("--mix", type=int, nargs=len(KINDS), default=MIX, help=f"shares of {', '.join(KINDS)}")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--preview", type=Path)
    options = parser.parse_args()
    if options.drawings and options.drawings.exists():
        kept = np.load(options.drawings)
        names = [str(n) for n in kept["names"]]
        pictures = kept["drawings"]  # once: every look into the file unpacks all of it
        drawings = {(n, s): pictures[i * len(STYLES) + j] for i, n in enumerate(names) for j, s in enumerate(STYLES)}
    else:
        drawings = draw_all(options.modules, options.names.read_text().splitlines() if options.names else [])
        names = [n for n, s in drawings if s == STYLES[0]]
        if options.drawings:
            np.savez_compressed(options.drawings, drawings=np.stack([drawings[n, s] for n in names for s in STYLES]), names=np.array(names))
            print(f"{options.drawings}: {len(drawings)} drawings of {len(names)} names")
    if not options.out and not options.preview:
        return 0
    composer = Composer(drawings, names, options.seed, tuple(options.styles), tuple(options.mix))
    chunk = max(1, options.count // (8 * options.workers))
    jobs = [(i, min(i + chunk, options.count)) for i in range(0, options.count, chunk)]
    with ProcessPoolExecutor(options.workers, multiprocessing.get_context("fork"), initializer=set_composer, initargs=(composer,)) as pool:
        scenes = [s for part in pool.map(compose, jobs) for s in part]
    if options.preview:
        side = int(len(scenes) ** 0.5)
        rows = [np.concatenate([s[0] for s in scenes[r * side:(r + 1) * side]], 1) for r in range(side)]
        Image.fromarray(np.concatenate(rows)).save(options.preview)
        print("\n".join(s[1] for s in scenes[:side * side]))
    if options.out:
        np.savez(options.out, images=np.stack([s[0] for s in scenes]), captions=np.array([s[1] for s in scenes]), names=np.array(names))
        print(f"{options.out}: {len(scenes)} pictures of {len(names)} names")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
