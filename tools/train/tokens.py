"""A unigram tokenizer over the captions' words, in Hugging Face's tokenizer.json and T5's order: <pad> 0, </s> 1, <unk> 2.

Every word that the captions have is a piece; letters, digits and signs are pieces too, so that any prompt can be cut.
"""

import json
import math
import re
from collections import Counter

PAD, END, UNKNOWN = 0, 1, 2
SPACE = "\u2581"
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789,.'-!?&"
LETTER_SCORE = -14.0
COMMON = ("the", "of", "with", "in", "at", "by", "picture", "icon", "emoji", "big", "large", "small", "two", "its", "to", "is", "one")


def build(captions) -> dict:
    """The tokenizer of these captions, as tokenizer.json has it."""
    counts = Counter(word for caption in captions for word in re.findall(r"[a-z']+", caption.lower()))
    for word in COMMON:
        counts[word] += 1
    total = sum(counts.values())
    words = sorted(counts, key=lambda w: (-counts[w], w))
    vocab = [["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0]]
    vocab += [[SPACE + w, round(math.log(counts[w] / total), 4)] for w in words if len(w) > 1 or w == "a"]
    vocab += [[SPACE, -10.0]] + [[c, LETTER_SCORE] for c in LETTERS]
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [dict(id=i, content=t, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
                         for i, t in enumerate(("<pad>", "</s>", "<unk>"))],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Lowercase"}]},
        "pre_tokenizer": {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "always", "split": True},
        "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                           "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}},
                                    {"Sequence": {"id": "B", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                           "special_tokens": {"</s>": {"id": "</s>", "ids": [END], "tokens": ["</s>"]}}},
        "decoder": {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "always", "split": True},
        "model": {"type": "Unigram", "unk_id": UNKNOWN, "vocab": vocab, "byte_fallback": False},
    }


class Tokenizer:
    def __init__(self, file: dict):
        self.pieces = {text: (i, score) for i, (text, score) in enumerate(file["model"]["vocab"]) if i > UNKNOWN}
        self.longest = max(map(len, self.pieces))
        self.size = len(file["model"]["vocab"])
        self.unknown_score = min(score for _, score in self.pieces.values()) - 10
        self.known = {}

    def word(self, word: str) -> list:
        """The most probable pieces of one word with its leading space."""
        if word not in self.known:
            best = [(0.0, [])] + [None] * len(word)
            for end in range(1, len(word) + 1):
                for start in range(max(0, end - self.longest), end):
                    piece = self.pieces.get(word[start:end])
                    if piece or end - start == 1:
                        i, score = piece or (UNKNOWN, self.unknown_score)
                        if best[end] is None or best[start][0] + score > best[end][0]:
                            best[end] = (best[start][0] + score, best[start][1] + [i])
            ids = best[-1][1]
            self.known[word] = [t for i, t in enumerate(ids) if t != UNKNOWN or i == 0 or ids[i - 1] != UNKNOWN]
        return self.known[word]

    def encode(self, text: str, length: int, spell=None) -> list:
        """Token numbers with the end behind them, filled up or cut to `length`. `spell`: asked per word whether to write it in letters."""
        ids = []
        for word in text.lower().split():
            if spell and spell():
                ids += [t for c in SPACE + word for t in [self.pieces.get(c, (UNKNOWN,))[0]]]
            else:
                ids += self.word(SPACE + word)
        ids = ids[:length - 1] + [END]
        return ids + [PAD] * (length - len(ids))


def read(path) -> Tokenizer:
    return Tokenizer(json.loads(path.read_text()))
