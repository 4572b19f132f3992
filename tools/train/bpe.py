"""Byte-level pair merging (Sennrich et al., 2016) as GPT-2 spells it, and its tokenizer.json. Words are cut by GPT-2's pattern, here for ASCII texts."""

import json
import re
from collections import Counter

WORDS = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+")


def byte_alphabet() -> list:
    """The printable character that stands for each byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(b) if b in printable else chr(next(others)) for b in range(256)]


ALPHABET = byte_alphabet()


def learn(texts, count: int) -> list:
    """The `count` most useful pairs, in the order in which they are merged."""
    words = Counter(word for text in texts for word in WORDS.findall(text))
    spelt = {word: [ALPHABET[b] for b in word.encode()] for word in words}
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


def build(merges: list, special: tuple) -> dict:
    """tokenizer.json: bytes, merges, and the special tokens behind them."""
    vocabulary = ALPHABET + ["".join(pair) for pair in merges]
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [dict(id=len(vocabulary) + i, content=text, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
                         for i, text in enumerate(special)],
        "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "post_processor": None,
        "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": False,
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
        self.known = {}

    def word(self, word: str) -> list:
        if word not in self.known:
            parts = [ALPHABET[b] for b in word.encode()]
            while pairs := [pair for pair in zip(parts, parts[1:]) if pair in self.ranks]:
                parts = merged(parts, min(pairs, key=self.ranks.get))
            self.known[word] = [self.vocabulary[part] for part in parts]
        return self.known[word]

    def encode(self, text: str) -> list:
        """Token numbers of a text; special tokens in it are read as such."""
        pieces = re.split("(" + "|".join(map(re.escape, self.special)) + ")", text)
        return [i for piece in pieces for i in ([self.special[piece]] if piece in self.special else [t for w in WORDS.findall(piece) for t in self.word(w)])]

    def decode(self, ids) -> str:
        text, run = "", []
        for i in [*ids, None]:
            if i in self.texts:
                run += [ALPHABET.index(c) for c in self.texts[i]]
                continue
            text, run = text + bytes(run).decode(errors="replace"), []
            text += self.names.get(i, "") if i is not None else ""
        return text


def read(path) -> Tokenizer:
    return Tokenizer(json.loads(path.read_text()))
