"""Byte-level pair merging (Sennrich et al., 2016) as GPT-2 spells it, or as CLIP does (lower case, a mark at each word's end), and its tokenizer.json.
Words are cut by the patterns of the two, here for ASCII texts."""

import json
import re
from collections import Counter

WORDS = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+")

CLIP_WORDS = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[a-z]+|[0-9]|[^\sa-z0-9]+")
CLIP_PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
WORD_END = "</w>"


def byte_alphabet() -> list:
    """The printable character that stands for each byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(b) if b in printable else chr(next(others)) for b in range(256)]


ALPHABET = byte_alphabet()


def cut(text: str, is_clip: bool) -> list:
    return CLIP_WORDS.findall(text.lower()) if is_clip else WORDS.findall(text)


def spell(word: str, is_clip: bool) -> list:
    parts = [ALPHABET[b] for b in word.encode()]
    return parts[:-1] + [parts[-1] + WORD_END] if is_clip else parts


def learn(texts, count: int, is_clip: bool = False) -> list:
    """The `count` most useful pairs, in the order in which they are merged; fewer where all words are whole before."""
    words = Counter(word for text in texts for word in cut(text, is_clip))
    spelt = {word: spell(word, is_clip) for word in words}
    merges = []
    while len(merges) < count:
        pairs = Counter()
        for word, parts in spelt.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += words[word]
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        for word, parts in spelt.items():
            if len(parts) > 1:
                spelt[word] = merged(parts, best)
    return merges


def merged(parts: list, pair: tuple) -> list:
    out = []
    for part in parts:
        if out and (out[-1], part) == pair:
            out[-1] = out[-1] + part
        else:
            out.append(part)
    return out


def build(merges: list, special: tuple, is_clip: bool = False) -> dict:
    """tokenizer.json: bytes, merges, and the special tokens behind them."""
    vocabulary = ALPHABET + ([c + WORD_END for c in ALPHABET] if is_clip else []) + ["".join(pair) for pair in merges]
    bytes_of = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": not is_clip}
    words = {"type": "Split", "pattern": {"Regex": CLIP_PATTERN}, "behavior": "Removed", "invert": True}
    lower = {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": " "}, {"type": "Lowercase"}]}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [dict(id=len(vocabulary) + i, content=text, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
                         for i, text in enumerate(special)],
        "normalizer": lower if is_clip else None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [words, bytes_of]} if is_clip else bytes_of,
        "post_processor": None,
        "decoder": bytes_of,
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": WORD_END if is_clip else None, "fuse_unk": False,
                  "byte_fallback": False, "vocab": {text: i for i, text in enumerate(vocabulary)}, "merges": [" ".join(pair) for pair in merges]},
    }


class Tokenizer:
    def __init__(self, file: dict):
        self.vocabulary = file["model"]["vocab"]
        self.special = {token["content"]: token["id"] for token in file["added_tokens"]}
        self.ranks = {tuple(merge.split(" ")): i for i, merge in enumerate(file["model"]["merges"])}
        self.texts = {i: text for text, i in self.vocabulary.items()}
        self.names = {i: text for text, i in self.special.items()}
        self.size = len(self.vocabulary) + len(self.special)
        self.is_clip = file["model"]["end_of_word_suffix"] is not None
        self.known = {}

    def word(self, word: str) -> list:
        if word not in self.known:
            parts = spell(word, self.is_clip)
            while pairs := [pair for pair in zip(parts, parts[1:]) if pair in self.ranks]:
                parts = merged(parts, min(pairs, key=self.ranks.get))
            self.known[word] = [self.vocabulary[part] for part in parts]
        return self.known[word]

    def encode(self, text: str) -> list:
        """Token numbers of a text; special tokens in it are read as such."""
        pieces = re.split("(" + "|".join(map(re.escape, self.special)) + ")", text)
        return [i for piece in pieces for i in ([self.special[piece]] if piece in self.special else [t for w in cut(piece, self.is_clip) for t in self.word(w)])]

    def decode(self, ids) -> str:
        text, run = "", []
        for i in [*ids, None]:
            if i in self.texts:
                run += [ALPHABET.index(c) for c in self.texts[i].replace(WORD_END, "\u0120" if self.is_clip else "")]
                continue
            text, run = text + bytes(run).decode(errors="replace"), []
            text += self.names.get(i, "") if i is not None else ""
        return text


def read(path) -> Tokenizer:
    return Tokenizer(json.loads(path.read_text()))
