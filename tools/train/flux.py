"""A transformer of FLUX.1's architecture (Black Forest Labs, 2024) at any size, and a T5 encoder (Raffel et al., 1910.10683; v1.1's gated form).

The transformer's names are those of the original state dict; `diffusers_names` renames for a diffusers folder. T5's names are Hugging Face's.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

FREQUENCIES = 256


def sinusoid(t, channels: int = FREQUENCIES):
    """cos then sin of 1000 t · 10000^(-i/half)."""
    half = channels // 2
    frequencies = torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float32, device=t.device) / half)
    angles = 1000 * t.float()[:, None] * frequencies
    return torch.cat([angles.cos(), angles.sin()], -1)


def axes_of(head: int) -> tuple:
    """FLUX's shares of a head: seven sixteenths for the row and for the column, the rest for the text's axis (16, 56, 56 of 128)."""
    side = head * 7 // 16 // 2 * 2
    return head - 2 * side, side, side


def rotation(grid: int, text: int, axes: tuple):
    """Unit complex numbers as [tokens, head / 2, 2, 2] matrices, text first: text stands at 0, a picture's token at (0, row, column)."""
    rows, columns = torch.meshgrid(torch.arange(grid), torch.arange(grid), indexing="ij")
    places = torch.stack([torch.zeros(grid * grid), rows.flatten().float(), columns.flatten().float()], 1)
    places = torch.cat([torch.zeros(text, 3), places]).double()
    angles = torch.cat([places[:, i:i + 1] / 10000 ** (torch.arange(0, a, 2).double() / a) for i, a in enumerate(axes)], 1)
    return torch.stack([angles.cos(), angles.sin()]).float()


def turn(x, rot):
    """Neighbouring channels are a pair; x [n, heads, tokens, head]."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack([even * rot[0] - odd * rot[1], even * rot[1] + odd * rot[0]], -1).flatten(-2)


def rms(x, scale, eps: float = 1e-6):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * scale


def attend(q, k, v):
    n, heads, tokens, head = q.shape
    q, k = q.to(v.dtype), k.to(v.dtype)
    if hasattr(F, "scaled_dot_product_attention"):
        out = F.scaled_dot_product_attention(q, k, v)
    else:
        scores = torch.baddbmm(torch.zeros(1, dtype=q.dtype), q.reshape(n * heads, tokens, head), k.reshape(n * heads, -1, head).transpose(1, 2),
                               beta=0, alpha=head ** -0.5)
        out = torch.bmm(scores.softmax(-1), v.reshape(n * heads, -1, head)).view(n, heads, tokens, head)
    return out.transpose(1, 2).reshape(n, tokens, heads * head)


class Norms(nn.Module):
    def __init__(self, head: int):
        super().__init__()
        self.query_norm, self.key_norm = nn.Module(), nn.Module()
        self.query_norm.scale, self.key_norm.scale = nn.Parameter(torch.ones(head)), nn.Parameter(torch.ones(head))

    def forward(self, qkv, head: int):
        n, tokens, _ = qkv.shape
        q, k, v = qkv.view(n, tokens, 3, -1, head).permute(2, 0, 3, 1, 4)
        return rms(q, self.query_norm.scale), rms(k, self.key_norm.scale), v


def modulated(x, shift, scale):
    return torch.addcmul(shift, F.layer_norm(x, x.shape[-1:], eps=1e-6), 1 + scale)


class Modulation(nn.Module):
    def __init__(self, width: int, parts: int):
        super().__init__()
        self.lin, self.parts = nn.Linear(width, parts * width), parts

    def forward(self, active):
        return self.lin(active)[:, None].chunk(self.parts, -1)


class Stream(nn.Module):
    """What picture or text has of a double block; held under the block's own names."""

    def __init__(self, width: int, head: int, mlp: int):
        super().__init__()
        self.mod = Modulation(width, 6)
        self.attn = nn.Module()
        self.attn.qkv, self.attn.norm, self.attn.proj = nn.Linear(width, 3 * width), Norms(head), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, mlp), TanhGelu(), nn.Linear(mlp, width))


class TanhGelu(nn.Module):
    def forward(self, x):
        return F.gelu(x, approximate="tanh")


class DoubleBlock(nn.Module):
    def __init__(self, width: int, head: int, mlp: int):
        super().__init__()
        self.head, self.img, self.txt = head, Stream(width, head, mlp), Stream(width, head, mlp)

    def forward(self, img, txt, active, rot):
        mods = [s.mod(active) for s in (self.txt, self.img)]
        parts = [s.attn.norm(s.attn.qkv(modulated(x, m[0], m[1])), self.head) for s, x, m in zip((self.txt, self.img), (txt, img), mods)]
        q, k, v = (torch.cat(pair, 2) for pair in zip(*parts))
        attended = attend(turn(q, rot), turn(k, rot), v).split([txt.shape[1], img.shape[1]], 1)
        out = []
        for s, x, m, a in zip((self.txt, self.img), (txt, img), mods, attended):
            x = torch.addcmul(x, m[2], s.attn.proj(a))
            out.append(torch.addcmul(x, m[5], s.mlp(modulated(x, m[3], m[4]))))
        return out[1], out[0]


class SingleBlock(nn.Module):
    def __init__(self, width: int, head: int, mlp: int):
        super().__init__()
        self.head, self.width = head, width
        self.linear1, self.linear2 = nn.Linear(width, 3 * width + mlp), nn.Linear(width + mlp, width)
        self.norm, self.modulation = Norms(head), Modulation(width, 3)

    def forward(self, x, active, rot):
        shift, scale, gate = self.modulation(active)
        qkv, hidden = self.linear1(modulated(x, shift, scale)).split([3 * self.width, self.linear1.out_features - 3 * self.width], -1)
        q, k, v = self.norm(qkv, self.head)
        attended = attend(turn(q, rot), turn(k, rot), v)
        return torch.addcmul(x, gate, self.linear2(torch.cat([attended, F.gelu(hidden, approximate="tanh")], -1)))


class Embedder(nn.Module):
    def __init__(self, inputs: int, width: int):
        super().__init__()
        self.in_layer, self.out_layer = nn.Linear(inputs, width), nn.Linear(width, width)

    def forward(self, x):
        return self.out_layer(F.silu(self.in_layer(x)))


class Flux(nn.Module):
    """The velocity noise - picture at latents [n, channels, side, side] and times t in 0 to 1 (1 is noise)."""

    def __init__(self, channels: int, side: int, text_tokens: int, text_width: int, width: int, double: int, single: int, head: int, mlp: int = 0,
                 guidance: bool = False):
        super().__init__()
        mlp = mlp or 4 * width
        self.channels, self.side, self.grid = channels, side, side // 2
        self.img_in, self.txt_in = nn.Linear(4 * channels, width), nn.Linear(text_width, width)
        self.time_in, self.vector_in = Embedder(FREQUENCIES, width), Embedder(text_width, width)
        if guidance:
            self.guidance_in = Embedder(FREQUENCIES, width)
        self.double_blocks = nn.ModuleList([DoubleBlock(width, head, mlp) for _ in range(double)])
        self.single_blocks = nn.ModuleList([SingleBlock(width, head, mlp) for _ in range(single)])
        self.final_layer = nn.Module()
        self.final_layer.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(width, 2 * width))
        self.final_layer.linear = nn.Linear(width, 4 * channels)
        self.register_buffer("rot", rotation(self.grid, text_tokens, axes_of(head)), persistent=False)
        self.initialise()

    def initialise(self):
        for name, module in self.named_modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        for name, parameter in self.named_parameters():
            if ".mod." in name or "modulation" in name or name.startswith("final_layer.linear") or name.startswith("guidance_in.out_layer"):
                nn.init.zeros_(parameter)

    def pack(self, x):
        n, c, g = len(x), self.channels, self.grid
        return x.reshape(n, c, g, 2, g, 2).permute(0, 2, 4, 1, 3, 5).reshape(n, g * g, 4 * c)

    def unpack(self, x):
        n, c, g = len(x), self.channels, self.grid
        return x.reshape(n, g, g, c, 2, 2).permute(0, 3, 1, 4, 2, 5).reshape(n, c, 2 * g, 2 * g)

    def forward(self, latents, t, text, pooled, guidance=None):
        vector = self.time_in(sinusoid(t)) + self.vector_in(pooled)
        if guidance is not None:
            vector = vector + self.guidance_in(sinusoid(guidance))
        active, img, txt = F.silu(vector), self.img_in(self.pack(latents)), self.txt_in(text)
        for block in self.double_blocks:
            img, txt = block(img, txt, active, self.rot)
        x = torch.cat([txt, img], 1)
        for block in self.single_blocks:
            x = block(x, active, self.rot)
        shift, scale = self.final_layer.adaLN_modulation[1](active)[:, None].chunk(2, -1)
        return self.unpack(self.final_layer.linear(modulated(x[:, txt.shape[1]:], shift, scale)))


class T5(nn.Module):
    """[n, tokens] ids to [n, tokens, width]; every token attends to every other, as FLUX lets them, filling included."""

    def __init__(self, c: dict):
        super().__init__()
        self.config = c
        width, inner = c["d_model"], c["num_heads"] * c["d_kv"]
        self.shared = nn.Embedding(c["vocab_size"], width)
        self.encoder = nn.Module()
        self.encoder.block = nn.ModuleList()
        for i in range(c["num_layers"]):
            attention, feed = nn.Module(), nn.Module()
            attention.layer_norm, feed.layer_norm = nn.Module(), nn.Module()
            attention.layer_norm.weight, feed.layer_norm.weight = nn.Parameter(torch.ones(width)), nn.Parameter(torch.ones(width))
            attention.SelfAttention = nn.Module()
            for name in "qkv":
                setattr(attention.SelfAttention, name, nn.Linear(width, inner, bias=False))
            attention.SelfAttention.o = nn.Linear(inner, width, bias=False)
            if i == 0:
                attention.SelfAttention.relative_attention_bias = nn.Embedding(c["relative_attention_num_buckets"], c["num_heads"])
            feed.DenseReluDense = nn.Module()
            feed.DenseReluDense.wi_0, feed.DenseReluDense.wi_1 = (nn.Linear(width, c["d_ff"], bias=False) for _ in range(2))
            feed.DenseReluDense.wo = nn.Linear(c["d_ff"], width, bias=False)
            block = nn.Module()
            block.layer = nn.ModuleList([attention, feed])
            self.encoder.block.append(block)
        self.encoder.final_layer_norm = nn.Module()
        self.encoder.final_layer_norm.weight = nn.Parameter(torch.ones(width))
        self.initialise()

    def initialise(self):
        width, kv, ff = self.config["d_model"], self.config["d_kv"], self.config["d_ff"]
        nn.init.normal_(self.shared.weight, std=1.0)
        for name, p in self.named_parameters():
            if name.endswith("SelfAttention.q.weight"):
                nn.init.normal_(p, std=(width * kv) ** -0.5)
            elif name.endswith(("k.weight", "v.weight", "wi_0.weight", "wi_1.weight")):
                nn.init.normal_(p, std=width ** -0.5)
            elif name.endswith(("o.weight", "wo.weight")):
                nn.init.normal_(p, std=0.5 * p.shape[1] ** -0.5)
            elif "relative" in name:
                nn.init.normal_(p, std=0.1)

    def buckets(self, tokens: int):
        """Half the buckets for either direction; half of those exact, the rest logarithmic up to the largest distance."""
        half, far = self.config["relative_attention_num_buckets"] // 2, self.config["relative_attention_max_distance"]
        offset = torch.arange(tokens)[None] - torch.arange(tokens)[:, None]
        distance, exact = offset.abs(), half // 2
        large = exact + (torch.log(distance.clamp(min=1).float() / exact) / math.log(far / exact) * (half - exact)).long()
        return (offset > 0).long() * half + torch.where(distance < exact, distance, large.clamp(max=half - 1))

    def forward(self, ids):
        n, tokens = ids.shape
        heads, x = self.config["num_heads"], F.embedding(ids, self.shared.weight)
        bias = self.encoder.block[0].layer[0].SelfAttention.relative_attention_bias(self.buckets(tokens).to(ids.device)).permute(2, 0, 1)
        for block in self.encoder.block:
            attention, feed = block.layer
            a, h = attention.SelfAttention, rms(x, attention.layer_norm.weight)
            q, k, v = (m(h).view(n, tokens, heads, -1).transpose(1, 2) for m in (a.q, a.k, a.v))
            mixed = torch.softmax(q @ k.transpose(2, 3) + bias, -1) @ v
            x = x + a.o(mixed.transpose(1, 2).reshape(n, tokens, -1))
            d, h = feed.DenseReluDense, rms(x, feed.layer_norm.weight)
            x = x + d.wo(F.gelu(d.wi_0(h), approximate="tanh") * d.wi_1(h))
        return rms(x, self.encoder.final_layer_norm.weight)


def pooled(text, ids):
    """The vector of the whole text: the mean over its tokens, the end included and the filling left out."""
    real = (ids != 0).unsqueeze(-1).to(text.dtype)
    return (text * real).sum(1) / real.sum(1)


def original_names(state: dict) -> dict:
    """The module tree's `img.attn` is the file's `img_attn`."""
    return {n.replace(".img.", ".img_").replace(".txt.", ".txt_"): t for n, t in state.items()}


def diffusers_names(state: dict, width: int) -> dict:
    """Renames; what diffusers keeps apart is split, and the last modulation is turned round (scale before shift)."""
    out = {}
    streams = {"img": ("norm1", "attn.to_{}", "attn.norm_{}", "attn.to_out.0", "ff"),
               "txt": ("norm1_context", "attn.add_{}_proj", "attn.norm_added_{}", "attn.to_add_out", "ff_context")}
    heads = {"img_in": "x_embedder", "txt_in": "context_embedder", "final_layer.linear": "proj_out",
             "time_in.in_layer": "time_text_embed.timestep_embedder.linear_1", "time_in.out_layer": "time_text_embed.timestep_embedder.linear_2",
             "vector_in.in_layer": "time_text_embed.text_embedder.linear_1", "vector_in.out_layer": "time_text_embed.text_embedder.linear_2",
             "guidance_in.in_layer": "time_text_embed.guidance_embedder.linear_1",
             "guidance_in.out_layer": "time_text_embed.guidance_embedder.linear_2"}
    for name, tensor in state.items():
        stem, kind = name.rsplit(".", 1)
        if stem in heads:
            out[f"{heads[stem]}.{kind}"] = tensor
        elif stem == "final_layer.adaLN_modulation.1":
            out[f"norm_out.linear.{kind}"] = torch.cat(tensor.chunk(2)[::-1])
        elif stem.startswith("double_blocks."):
            _, i, stream, rest = stem.split(".", 3)
            mod, qkv, norm, proj, ff = streams[stream]
            at = f"transformer_blocks.{i}."
            if rest == "attn.qkv":
                out.update({f"{at}{qkv.format(p)}.{kind}": part for p, part in zip("qkv", tensor.chunk(3))})
            elif rest.startswith("attn.norm"):
                out[f"{at}{norm.format('q' if 'query' in rest else 'k')}.weight"] = tensor
            else:
                names = {"mod.lin": f"{mod}.linear", "attn.proj": proj, "mlp.0": f"{ff}.net.0.proj", "mlp.2": f"{ff}.net.2"}
                out[f"{at}{names[rest]}.{kind}"] = tensor
        else:
            _, i, rest = stem.split(".", 2)
            at = f"single_transformer_blocks.{i}."
            if rest == "linear1":
                q, k, v, hidden = tensor.split([width, width, width, len(tensor) - 3 * width])
                out.update({f"{at}attn.to_q.{kind}": q, f"{at}attn.to_k.{kind}": k, f"{at}attn.to_v.{kind}": v, f"{at}proj_mlp.{kind}": hidden})
            elif rest.startswith("norm."):
                out[f"{at}attn.norm_{'q' if 'query' in rest else 'k'}.weight"] = tensor
            else:
                out[f"{at}{ {'modulation.lin': 'norm.linear', 'linear2': 'proj_out'}[rest]}.{kind}"] = tensor
    return out
