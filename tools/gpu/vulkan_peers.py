"""PyTorch's times for what Augur.GpuBench measures, on the same machine: linear maps, attention, one double and one single block of FLUX.1's shape,
and of both a call of 19 + 38 and of 2 + 4 blocks; the block stack of DiT-XL/2.

Random weights and inputs, medians of device events after warming up; eager, and one compiled block. With `toy`: small, on the processor, to see that it runs.
"""
import statistics
import sys
import time

import torch
import torch.nn.functional as F

toy = "toy" in sys.argv
device = torch.device("cpu" if toy else "cuda")
types = (torch.float32,) if toy else (torch.bfloat16, torch.float16)
# A rehearsal may have an older PyTorch than the machine it is for.
attend = getattr(F, "scaled_dot_product_attention", lambda q, k, v: ((q @ k.transpose(-1, -2)) / q.shape[-1]**0.5).softmax(-1) @ v)
rms_norm = getattr(F, "rms_norm", lambda x, shape, weight, eps: x * (x.square().mean(-1, keepdim=True) + eps).rsqrt() * weight)
torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction = False
torch.manual_seed(7)


def seconds(run, rounds=5):
    if toy:
        run()
        start = time.perf_counter()
        run()
        return time.perf_counter() - start
    for _ in range(3):
        run()
    torch.cuda.synchronize()
    start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    start.record(); run(); end.record(); torch.cuda.synchronize()
    inner = max(1, min(100, int(100.0 / max(start.elapsed_time(end), 1e-3))))
    times = []
    for _ in range(rounds):
        start.record()
        for _ in range(inner):
            run()
        end.record(); torch.cuda.synchronize()
        times.append(start.elapsed_time(end) / inner / 1e3)
    return statistics.median(times)


def norm(x, shift, scale):
    return F.layer_norm(x, x.shape[-1:], eps=1e-6) * (1 + scale) + shift


def rms(x, weight):
    return rms_norm(x, x.shape[-1:], weight, 1e-6)


def rope(x, cosine, sine):                                    # x [tokens, heads, channels], pairs side by side
    a, b = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack((a * cosine - b * sine, a * sine + b * cosine), -1).flatten(-2).to(x.dtype)


class Stream(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.qkv, self.project = torch.nn.Linear(width, 3 * width, bias=False), torch.nn.Linear(width, width, bias=False)
        self.up, self.down = torch.nn.Linear(width, 4 * width, bias=False), torch.nn.Linear(4 * width, width, bias=False)


class Blocks(torch.nn.Module):
    def __init__(self, image, text, heads, channels):
        super().__init__()
        width = heads * channels
        self.image_tokens, self.text_tokens, self.heads, self.channels = image, text, heads, channels
        self.image, self.text, self.qkv_up = Stream(width), Stream(width), torch.nn.Linear(width, 7 * width, bias=False)
        self.out = torch.nn.Linear(5 * width, width, bias=False)
        for name, shape in (("shift", (width,)), ("scale", (width,)), ("gate", (width,)), ("weight", (channels,)),
                            ("cosine", (image + text, 1, channels // 2)), ("sine", (image + text, 1, channels // 2))):
            self.register_buffer(name, torch.randn(shape))

    def heads_of(self, qkv, cosine, sine):
        q, k, v = (t.unflatten(-1, (self.heads, self.channels)) for t in qkv.chunk(3, -1))
        return rope(rms(q, self.weight), cosine, sine), rope(rms(k, self.weight), cosine, sine), v

    def attend(self, q, k, v):
        y = attend(*(t.transpose(0, 1)[None] for t in (q, k, v)))
        return y[0].transpose(0, 1).flatten(1)

    def double(self, x):
        text, image = x[: self.text_tokens], x[self.text_tokens:]
        parts = []
        for s, rows, at in ((self.text, text, slice(0, self.text_tokens)), (self.image, image, slice(self.text_tokens, None))):
            parts.append(self.heads_of(s.qkv(norm(rows, self.shift, self.scale)), self.cosine[at], self.sine[at]))
        y = self.attend(*(torch.cat(t) for t in zip(*parts)))
        done = []
        for s, rows, a in ((self.text, text, y[: self.text_tokens]), (self.image, image, y[self.text_tokens:])):
            rows = rows + self.gate * s.project(a)
            rows = rows + self.gate * s.down(F.gelu(s.up(norm(rows, self.shift, self.scale)), approximate="tanh"))
            done.append(rows)
        return torch.cat(done)

    def single(self, x):
        width = self.heads * self.channels
        qkv, hidden = self.qkv_up(norm(x, self.shift, self.scale)).split([3 * width, 4 * width], -1)
        y = self.attend(*self.heads_of(qkv, self.cosine, self.sine))
        return x + self.gate * self.out(torch.cat((y, F.gelu(hidden, approximate="tanh")), -1))


class DitBlock(torch.nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.mod = torch.nn.Linear(width, 6 * width)
        self.qkv, self.proj = torch.nn.Linear(width, 3 * width), torch.nn.Linear(width, width)
        self.up, self.down = torch.nn.Linear(width, 4 * width), torch.nn.Linear(4 * width, width)

    def forward(self, x, c):
        shift1, scale1, gate1, shift2, scale2, gate2 = self.mod(F.silu(c))[:, None].chunk(6, -1)
        q, k, v = (t.unflatten(-1, (self.heads, -1)).transpose(1, 2) for t in self.qkv(norm(x, shift1, scale1)).chunk(3, -1))
        x = x + gate1 * self.proj(attend(q, k, v).transpose(1, 2).flatten(2))
        return x + gate2 * self.down(F.gelu(self.up(norm(x, shift2, scale2)), approximate="tanh"))


@torch.inference_mode()
def main():
    print("torch", torch.__version__, "cpu" if toy else torch.cuda.get_device_name(0))
    shapes = [("toy", 70, 64, 96)] if toy else [
        ("DiT-XL/2 b1 qkv", 256, 1152, 3456), ("DiT-XL/2 b2 mlp1", 512, 1152, 4608), ("DiT-XL/2 b2 mlp2", 512, 4608, 1152),
        ("DiT-XL/2 b16 mlp1", 4096, 1152, 4608), ("DiT-XL/2 b16 mlp2", 4096, 4608, 1152),
        ("FLUX qkv", 4608, 3072, 9216), ("FLUX proj", 4608, 3072, 3072), ("FLUX mlp1", 4608, 3072, 12288),
        ("FLUX mlp2", 4608, 12288, 3072), ("FLUX single out", 4608, 15360, 3072)]
    for name, m, k, n in shapes:
        for dtype in types:
            x, w = torch.randn(m, k, device=device, dtype=dtype), torch.randn(n, k, device=device, dtype=dtype) / k**0.5
            print(f"linear | {name} {m}x{k}->{n} | torch {dtype} | {2 * m * n * k / seconds(lambda: F.linear(x, w)) / 1e12:.6g} TFLOP/s")
    for name, batch, tokens, heads, d in [("toy", 1, 48, 2, 32)] if toy else [
            ("FLUX", 1, 4608, 24, 128), ("DiT-XL/2 b16", 16, 256, 16, 72), ("SD3.5-like", 2, 4250, 24, 64)]:
        for dtype in types:
            q, k, v = (torch.randn(batch, heads, tokens, d, device=device, dtype=dtype) for _ in range(3))
            t = seconds(lambda: attend(q, k, v))
            print(f"attention | {name} | torch sdpa {dtype} | {4 * batch * tokens * tokens * heads * d / t / 1e12:.6g} TFLOP/s")
    for name, side, channels, outputs in [("toy", 7, 12, 20)] if toy else [
            ("U-Net", 64, 640, 640), ("autoencoder", 128, 512, 512), ("autoencoder", 512, 256, 256)]:
        for dtype in types:
            x = torch.randn(1, channels, side, side, device=device, dtype=dtype).to(memory_format=torch.channels_last)
            w = torch.randn(outputs, channels, 3, 3, device=device, dtype=dtype).to(memory_format=torch.channels_last)
            t = seconds(lambda: F.conv2d(x, w, padding=1))
            print(f"conv | {name} {side}x{side}x{channels}->{outputs}, 3x3 | torch {dtype} | {18 * side * side * channels * outputs / t / 1e12:.6g} TFLOP/s")
    image, text, heads, channels = (16, 8, 6, 16) if toy else (4096, 512, 24, 128)
    blocks = Blocks(image, text, heads, channels).to(device, types[0])
    x = torch.randn(image + text, heads * channels, device=device, dtype=types[0])
    double, single = seconds(lambda: blocks.double(x)), seconds(lambda: blocks.single(x))
    print(f"block | FLUX double {double * 1e3:.3f} ms, single {single * 1e3:.3f} ms | torch eager {types[0]}")
    for d, s in ((19, 38), (2, 4), (1, 2)):
        print(f"call | FLUX.1, {d} + {s} blocks from these | torch eager {types[0]} | {(d * double + s * single) * 1e3:.3f} ms")
    del blocks
    width, heads, depth = (96, 6, 2) if toy else (1152, 16, 28)
    stack = torch.nn.ModuleList([DitBlock(width, heads) for _ in range(depth)]).to(device, types[0])
    x, c = torch.randn(1, 256, width, device=device, dtype=types[0]), torch.randn(1, width, device=device, dtype=types[0])

    def dit():
        y = x
        for block in stack:
            y = block(y, c)
        return y

    print(f"launch | block stack of {depth} DiT blocks, {width} channels, batch 1 | torch eager {types[0]} | {seconds(dit) * 1e3:.3f} ms")
    if not toy:
        compiled = torch.compile(dit)
        print(f"launch | the same, compiled | {seconds(compiled) * 1e3:.3f} ms")


main()
