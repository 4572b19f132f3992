"""Train a small masked diffusion language model of LLaDA's architecture (arXiv 2502.09992) on stories.py, with its byte-pair tokenizer.

    python3 language.py --out run-stories --minutes 45                     # resumes from its own checkpoint
    python3 language.py --out run-stories --preview                        # stories by low-confidence remasking, and the bound on held-out stories
    python3 language.py --out run-stories --export ../../models/stories --reference ../../tests/fixtures/stories/reference.safetensors

The loss is LLaDA's: of each row a uniformly drawn number of tokens is masked, and the mean cross-entropy over them is an unbiased estimate of the row's
bound (its eq. 6, which has less variance than drawing t and dividing by it). No story is seen twice. The rate follows the clock.
"""

import argparse
import json
import math
import os
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import bpe
import stories
from muon import Muon
from weights import write_atomically, write_safetensors

END, MASK, USER, ASSISTANT = SPECIAL = ("<|endoftext|>", "<|mdm_mask|>", "<|user|>", "<|assistant|>")
LENGTHS = {64: 0.15, 128: 0.25, 192: 0.35, 256: 0.15, 512: 0.10}  # how many of the tokens come in rows of which length
CHAT = 0.3
RARER = 500       # token numbers from here on are whole words, for the most part
TEMPLATE = ("{% for message in messages %}{% if message['role'] == 'user' %}{{ '<|user|>' + message['content'] }}{% elif message['role'] == 'assistant' %}"
            "{{ '<|assistant|>' + message['content'] }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}")


class Norm(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        x = x.float()
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5) * self.weight


class Block(nn.Module):
    def __init__(self, width: int, heads: int, mlp: int):
        super().__init__()
        self.heads = heads
        self.attn_norm, self.ff_norm = Norm(width), Norm(width)
        self.q_proj, self.k_proj, self.v_proj, self.attn_out = (nn.Linear(width, width, bias=False) for _ in range(4))
        self.ff_proj, self.up_proj, self.ff_out = nn.Linear(width, mlp, bias=False), nn.Linear(width, mlp, bias=False), nn.Linear(mlp, width, bias=False)

    def forward(self, x, cos, sin):
        rows, length, width = x.shape
        h = self.attn_norm(x).to(compute_type(x))
        q, k, v = (p(h).view(rows, length, self.heads, -1).transpose(1, 2) for p in (self.q_proj, self.k_proj, self.v_proj))
        q, k = turn(q, cos, sin), turn(k, cos, sin)
        if hasattr(F, "scaled_dot_product_attention"):
            a = F.scaled_dot_product_attention(q, k, v)
        else:
            a = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1) @ v
        x = x + self.attn_out(a.transpose(1, 2).reshape(rows, length, width))
        h = self.ff_norm(x).to(compute_type(x))
        return x + self.ff_out((F.silu(self.ff_proj(h).float()) * self.up_proj(h)).to(h.dtype))


def compute_type(x):
    return torch.bfloat16 if torch.is_autocast_enabled() or torch.is_autocast_cpu_enabled() else x.dtype


def turn(x, cos, sin):
    """Rotary positions in half-split form."""
    first, second = x.chunk(2, -1)
    return x * cos.to(x.dtype) + torch.cat([-second, first], -1) * sin.to(x.dtype)


class Llada(nn.Module):
    """Names and arithmetic as in the published configuration and weights: Llama's blocks, seen in both directions, a matrix of its own at the end."""

    def __init__(self, sizes: dict):
        super().__init__()
        self.sizes = sizes
        width = sizes["d_model"]
        self.transformer = nn.ModuleDict(dict(
            wte=nn.Embedding(sizes["vocab_size"], width), ln_f=Norm(width), ff_out=nn.Linear(width, sizes["vocab_size"], bias=False),
            blocks=nn.ModuleList(Block(width, sizes["n_heads"], sizes["mlp_hidden_size"]) for _ in range(sizes["n_layers"]))))
        for name, p in self.named_parameters():
            if p.ndim == 2:
                last = name.endswith(("attn_out.weight", "ff_out.weight"))
                nn.init.normal_(p, std=2.0 if "wte" in name else p.shape[1] ** -0.5 * (0.2 if last else 1.0))
        with torch.no_grad():  # whoever carries a token's vector to another place makes that token likely there, from the beginning
            self.transformer.ff_out.weight.copy_(self.transformer.wte.weight / 2 * width ** -0.5)
        head = width // sizes["n_heads"]
        angles = torch.arange(sizes["max_sequence_length"])[:, None] * sizes["rope_theta"] ** (-torch.arange(0, head, 2) / head)
        self.register_buffer("cos", torch.cat([angles, angles], -1).cos(), persistent=False)
        self.register_buffer("sin", torch.cat([angles, angles], -1).sin(), persistent=False)

    def forward(self, ids, chosen=None):
        """Logits [rows, length, vocabulary], or of the chosen places only."""
        x = self.transformer.wte(ids)
        for block in self.transformer.blocks:
            x = block(x, self.cos[:ids.shape[1]], self.sin[:ids.shape[1]])
        x = self.transformer.ln_f(x)
        return self.transformer.ff_out((x if chosen is None else x[chosen]).to(compute_type(x))).float()


def document(tokenizer, rng: random.Random, length: int):
    """A row of tokens and how many at its beginning are a prompt that is never masked: stories one after the other, an end behind each, cut at the length.

    Rows filled up with ends, as LLaDA's tuning has them, would teach to be sure of ends before anything else is told."""
    ids, prompt = [], 0
    while len(ids) < length:
        text, world, _ = stories.tell(rng)
        asked = tokenizer.encode(USER + stories.subject(world, rng) + ASSISTANT) if rng.random() < CHAT else []
        if not ids and len(asked) < length // 2:
            prompt = len(asked)
        ids += asked + tokenizer.encode(text) + [tokenizer.special[END]]
    return ids[:length], prompt


class Batches(torch.utils.data.Dataset):
    """A batch is a function of seed and step: token numbers, prompt lengths, and the numbers from which the masks follow."""

    def __init__(self, tokenizer, tokens: int, copied: float, seed: int):
        self.tokenizer, self.tokens, self.copied, self.seed = tokenizer, tokens, copied, seed

    def __getitem__(self, step: int):
        rng = random.Random(f"{self.seed}:{step}")
        length = rng.choices(list(LENGTHS), list(LENGTHS.values()))[0]
        rows = max(1, self.tokens // length)
        made = [document(self.tokenizer, rng, length) for _ in range(rows)]
        ids, prompts = torch.tensor([ids for ids, _ in made]), torch.tensor([prompt for _, prompt in made])
        g = torch.Generator().manual_seed(rng.randrange(1 << 40))
        return ids, *mask(ids, prompts, g, self.copied)


def mask(ids, prompts, g, copied=0.0):
    """Which places are masked, and their weights: a uniform number of each row's free places, evenly spread over the rows.

    In a share of the rows, `copied`, at most half is masked, and of the rarer words that a row has more than once half come first: names, above all, which
    must be looked up elsewhere in the row. Without these rows the network learnt the sentences in 10 M tokens, and to keep to its names not at all."""
    rows, length = ids.shape
    order = torch.rand(rows, length, generator=g)
    part = (torch.randperm(rows, generator=g) + torch.rand(rows, generator=g)) / rows
    if copied:
        is_copied = torch.rand(rows, generator=g) < copied
        count = (ids[:, :, None] == ids[:, None, :]).sum(2)
        is_word = (ids >= RARER) & (count > 1) & (count < 12) & (torch.rand(rows, length, generator=g) < 0.5)
        order = torch.where(is_copied[:, None] & is_word, order * 0.1, order)
        part = torch.where(is_copied, part / 2, part)
    order[torch.arange(length) < prompts[:, None]] = 2
    count = (part * (length - prompts)).floor().long() + 1
    hidden = order.argsort(1).argsort(1) < count[:, None]
    return hidden, (1 / count)[:, None].expand(rows, length)[hidden] / rows


def loss_of(model, ids, hidden, weight, mask_id: int):
    logits = model(torch.where(hidden, mask_id, ids), hidden)
    return (F.cross_entropy(logits, ids[hidden], reduction="none") * weight).sum()


def read_tokenizer(options):
    path = options.out / "tokenizer.json"
    if not path.exists():
        rng = random.Random(0)
        texts = [text for text, world, _ in (stories.tell(rng) for _ in range(30000)) for text in (text, stories.subject(world, rng))]
        file = bpe.build(bpe.learn(texts, options.merges), SPECIAL)
        write_atomically(path, lambda p: p.write_text(json.dumps(file, indent=1, ensure_ascii=False) + "\n"))
    return bpe.read(path)


def sizes_of(options, vocabulary: int) -> dict:
    return dict(d_model=options.width, n_heads=options.heads, n_kv_heads=options.heads, n_layers=options.layers, mlp_hidden_size=options.mlp, vocab_size=vocabulary,
                max_sequence_length=1024, rope_theta=10000.0)


def train(options) -> int:
    os.nice(options.nice)
    torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = read_tokenizer(options)
    torch.manual_seed(options.seed)
    model = Llada(sizes_of(options, tokenizer.size)).to(device)
    named = dict(model.named_parameters())
    matrices = [p for n, p in named.items() if "blocks." in n and p.ndim == 2]
    others = [p for n, p in named.items() if not ("blocks." in n and p.ndim == 2)]
    optimiser, muon = torch.optim.AdamW(others, lr=options.rate, betas=(0.9, 0.98), weight_decay=0.0), Muon(matrices, 0, 1, torch.bfloat16)
    checkpoint, step, seen, spent = options.out / "language.pt", 0, 0, 0.0
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        muon.load(saved["muon"])
        step, seen, spent = saved["step"], saved["seen"], saved["spent"]

    def save():
        state = dict(model=model.state_dict(), optimiser=optimiser.state_dict(), muon=muon.momentum, step=step, seen=seen, spent=spent, sizes=model.sizes)
        write_atomically(checkpoint, lambda path: torch.save(state, path))

    batches = Batches(tokenizer, options.tokens, options.copied, options.seed)
    loader = iter(torch.utils.data.DataLoader(batches, batch_size=None, sampler=range(step, 1 << 30), num_workers=options.workers))
    forward = torch.compile(model, dynamic=False) if options.compile else model
    began, before, saved_at, shown_at, losses, shown = clock(options), spent, time.time(), time.time(), [], seen
    for ids, hidden, weight in loader:
        spent = before + (clock(options) - began) / 60
        part = spent / options.minutes
        if part >= 1:
            break
        rate = options.rate * min(1.0, (step + 1) / options.warmup) * max(min(1.0, (1 - part) / options.cool), 0.01)
        for group in optimiser.param_groups:
            group["lr"] = rate
        for p in named.values():
            p.grad = None
        with torch.autocast(device, torch.bfloat16):
            loss = loss_of(forward, ids.to(device), hidden.to(device), weight.to(device), tokenizer.special[MASK])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(named.values(), 1.0)
        optimiser.step()
        muon.step(rate)
        losses.append(loss.detach())
        step, seen = step + 1, seen + ids.numel()
        if step % options.show == 0:
            print(f"step {step}: {float(torch.stack(losses).mean()):.4f} nats a token, rate {rate:.2e}, {seen / 1e6:.2f} M tokens, {spent:.1f} of {options.minutes:g} min, "
                  f"{(seen - shown) / (time.time() - shown_at):.0f} tokens/s", flush=True)
            losses, shown_at, shown = [], time.time(), seen
        if time.time() - saved_at > 60 * options.save_minutes:
            save()
            saved_at = time.time()
    save()
    return 0


def clock(options) -> float:
    """Seconds of this process's work, or of the wall where --wall says so."""
    return time.time() if options.wall else time.process_time()


@torch.no_grad()
def generate(model, prompts, length: int, steps: int, block: int, temperature: float, mask_id: int, seed: int = 0):
    """LLaDA's sampler: all is predicted at every step, and what it is surest of in the current block stays. Gumbel noise at a temperature as in its code."""
    device, begin = next(model.parameters()).device, prompts.shape[1]
    g = torch.Generator().manual_seed(seed)
    x = torch.cat([prompts, torch.full((len(prompts), length), mask_id)], 1).to(device)
    blocks = length // block
    for start in range(begin, begin + length, block):
        for step in range(steps // blocks):
            logits = model(x)
            logits[..., mask_id] = -math.inf
            if temperature > 0:
                noise = -torch.log(torch.rand(logits.shape, generator=g, dtype=torch.float64)).to(device)
                best = (logits.double() / temperature - noise.log()).argmax(-1)
            else:
                best = logits.argmax(-1)
            sure = logits.softmax(-1).gather(-1, best[..., None])[..., 0].masked_fill(x != mask_id, -1)
            sure[:, start + block:] = -1
            count = block // (steps // blocks) + (1 if step < block % (steps // blocks) else 0)
            chosen = sure.topk(count, -1).indices
            x = x.scatter(1, chosen, best.gather(1, chosen))
    return x


@torch.no_grad()
def bound(model, tokenizer, count: int, draws: int):
    """Of held-out stories with their ends, in nats: the bound of the model, and what the choices of the rules cost, per story and per token."""
    rng, rows, costs = random.Random("held out"), [], []
    for _ in range(count):
        text, _, cost = stories.tell(rng)
        rows.append(torch.tensor(tokenizer.encode(text) + [tokenizer.special[END]]))
        costs.append(cost)
    g, total, device = torch.Generator().manual_seed(1), 0.0, next(model.parameters()).device
    for ids in rows:
        part = ids.expand(draws, -1)
        hidden, weight = mask(part, torch.zeros(draws, dtype=torch.long), g)
        total += float(loss_of(model, part.to(device), hidden.to(device), weight.to(device), tokenizer.special[MASK])) * len(ids)
    story, rules, size = total / count, float(np.mean(costs)), float(np.mean([len(ids) for ids in rows]))
    return dict(stories=count, draws=draws, tokens_per_story=round(size, 1), nats_per_story=round(story, 2), nats_per_token=round(story / size, 4), perplexity_bound=round(math.exp(story / size), 4),
                rules_nats_per_story=round(rules, 2), rules_nats_per_token=round(rules / size, 4), rules_perplexity=round(math.exp(rules / size), 4))


def read_trained(options):
    saved = torch.load(options.out / "language.pt", map_location="cpu")
    model = Llada(saved["sizes"])
    model.load_state_dict(saved["model"])
    return model.eval(), saved, read_tokenizer(options)


def preview(options) -> int:
    torch.set_num_threads(options.threads)
    model, saved, tokenizer = read_trained(options)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = model.to(device)
    print(f"step {saved['step']}, {saved['seen'] / 1e6:.2f} M tokens, {saved['spent']:.1f} min; {bound(model, tokenizer, options.judge, 8)}")
    for temperature in (0.0, options.temperature):
        for prompt in options.prompts:
            ids = torch.tensor([tokenizer.encode(prompt)])
            x = generate(model, ids, options.length, options.steps, options.block, temperature, tokenizer.special[MASK], options.seed)
            print(f"\n[temperature {temperature:g}] {tokenizer.decode(x[0].tolist())}")
    return 0


def export(options) -> int:
    """A folder as published weights of LLaDA have it, in half precision."""
    model, saved, tokenizer = read_trained(options)
    for p in model.parameters():
        p.data = p.data.half().float()
    sizes, out, special = saved["sizes"], options.export, tokenizer.special
    config = {"architectures": ["LLaDAModelLM"], "model_type": "llada", "activation_type": "silu", "block_type": "llama", "layer_norm_type": "rms", **sizes,
              "embedding_size": sizes["vocab_size"], "mlp_ratio": 4, "alibi": False, "rope": True, "rope_full_precision": True, "attention_layer_norm": False,
              "include_bias": False, "include_qkv_bias": False, "bias_for_layer_norm": False, "input_emb_norm": False, "scale_logits": False, "weight_tying": False,
              "rms_norm_eps": 1e-5, "mask_token_id": special[MASK], "eos_token_id": special[END], "pad_token_id": special[END], "torch_dtype": "float16"}
    words = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": None, "eos_token": END, "pad_token": END, "mask_token": MASK, "add_bos_token": False, "add_eos_token": False,
             "model_max_length": sizes["max_sequence_length"], "clean_up_tokenization_spaces": False, "chat_template": TEMPLATE}
    out.mkdir(parents=True, exist_ok=True)
    for name, content in {"config.json": config, "tokenizer_config.json": words}.items():
        (out / name).write_text(json.dumps(content, indent=2) + "\n")
    (out / "tokenizer.json").write_text((options.out / "tokenizer.json").read_text())
    weights = {"model." + name: tensor for name, tensor in model.state_dict().items()}
    write_safetensors(weights, out / "model.safetensors", {"format": "pt", "steps": str(saved["step"]), "tokens": str(saved["seen"])})
    if options.reference:
        write_reference(options.reference, model, tokenizer)
    figures = dict(steps=saved["step"], tokens=saved["seen"], minutes=round(saved["spent"], 1), parameters=sum(p.numel() for p in model.parameters()), **bound(model, tokenizer, options.judge, 16))
    (out / "training.json").write_text(json.dumps(figures, indent=2) + "\n")
    print(f"{out}: {figures}, {(out / 'model.safetensors').stat().st_size / 1e6:.1f} MB")
    return 0


@torch.no_grad()
def write_reference(path: Path, model: Llada, tokenizer) -> None:
    """What the exported weights give: another implementation is compared with it."""
    text = "Once upon a time there was a brave fox named Mia."
    mask_id = tokenizer.special[MASK]
    prompt = torch.tensor([tokenizer.encode(text)])
    ids = torch.tensor([tokenizer.encode(text)[:12], tokenizer.encode("<|user|>Tell me a story about a boy and the pond.<|assistant|>Tom")[:12]])
    ids[0, 3::4], ids[1, 9:] = mask_id, mask_id
    drawn = generate(model, prompt, 32, 32, 16, 0.0, mask_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_safetensors(dict(input_ids=ids, logits=model(ids), prompt=prompt, low_confidence=drawn[:, prompt.shape[1]:]), path,
                      {"text": text, "low_confidence": "32 tokens in 32 steps, blocks of 16, temperature 0"}, is_half=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--wall", action="store_true", help="minutes of the wall's clock, not of the processor's")
    parser.add_argument("--merges", type=int, default=1532)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--mlp", type=int, default=512)
    parser.add_argument("--tokens", type=int, default=2048, help="of a batch")
    parser.add_argument("--copied", type=float, default=0.5, help="share of the rows in which words that come again are masked first")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--warmup", type=int, default=100)
    parser.add_argument("--cool", type=float, default=0.6, help="share of the time in which the rate falls to zero")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--workers", type=int, default=0, help="processes that write stories; 0: this one")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--nice", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=50)
    parser.add_argument("--save-minutes", type=float, default=3)
    parser.add_argument("--preview", action="store_true")
    parser.add_argument("--prompts", nargs="*", default=["Once upon a time", "One rainy day, a little", "Sam the fox", "<|user|>Tell me a story about an owl named Ruby and a lantern.<|assistant|>"])
    parser.add_argument("--length", type=int, default=160)
    parser.add_argument("--steps", type=int, default=160)
    parser.add_argument("--block", type=int, default=16, help="tokens of a block; a divisor of --length")
    parser.add_argument("--temperature", type=float, default=0.7)
    parser.add_argument("--judge", type=int, default=256, help="held-out stories for the bound")
    parser.add_argument("--export", type=Path)
    parser.add_argument("--reference", type=Path, help="with --export: also what the weights give for two rows, for tests")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    return preview(options) if options.preview else export(options) if options.export else train(options)


if __name__ == "__main__":
    sys.exit(main())
