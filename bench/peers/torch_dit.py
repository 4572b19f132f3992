"""The blocks of DiT-S/2 (12 layers, 384 channels, 6 heads, 256 tokens) in PyTorch on the CPU, as one side of an alternating measurement.

    python3 torch_dit.py THREADS

prints "ready" and then, for each line "BATCH CALLS" on standard input, the seconds of each call: thread CPU time for one thread, wall time otherwise.
"""
import sys
import time

import torch
import torch.nn.functional as F

CHANNELS, HEADS, TOKENS, LAYERS = 384, 6, 256, 12
SHAPES = [(6 * CHANNELS, CHANNELS), (3 * CHANNELS, CHANNELS), (CHANNELS, CHANNELS), (4 * CHANNELS, CHANNELS), (CHANNELS, 4 * CHANNELS)]

torch.set_grad_enabled(False)
torch.manual_seed(0)
threads = int(sys.argv[1])
torch.set_num_threads(threads)
clock = time.thread_time if threads == 1 else time.perf_counter
layers = [[(torch.randn(s) * s[1] ** -0.5, torch.randn(s[0]) * 0.1) for s in SHAPES] for _ in range(LAYERS)]


def attend(q, k, v):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v)
    return ((q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)).softmax(-1) @ v


def forward(x, condition):
    batch = x.shape[0]
    active = F.silu(condition)
    for modulation, qkv, projection, up, down in layers:
        shift1, scale1, gate1, shift2, scale2, gate2 = F.linear(active, *modulation).unsqueeze(1).chunk(6, -1)
        h = F.layer_norm(x, (CHANNELS,), eps=1e-6) * (1 + scale1) + shift1
        q, k, v = F.linear(h, *qkv).view(batch, TOKENS, 3, HEADS, CHANNELS // HEADS).permute(2, 0, 3, 1, 4).unbind(0)
        a = attend(q, k, v).transpose(1, 2).reshape(batch, TOKENS, CHANNELS)
        x = x + gate1 * F.linear(a, *projection)
        h = F.layer_norm(x, (CHANNELS,), eps=1e-6) * (1 + scale2) + shift2
        x = x + gate2 * F.linear(F.gelu(F.linear(h, *up), approximate="tanh"), *down)
    return x


print(f"ready torch {torch.__version__}", flush=True)
for line in sys.stdin:
    batch, calls = map(int, line.split())
    x, condition = torch.randn(batch, TOKENS, CHANNELS), torch.randn(batch, CHANNELS)
    forward(x, condition)
    seconds = []
    for _ in range(calls):
        start = clock()
        forward(x, condition)
        seconds.append(clock() - start)
    print(" ".join(f"{s:.6f}" for s in seconds), flush=True)
