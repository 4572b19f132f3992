"""Writes the register-blocked micro-kernels of Augur.Tensors (src/Augur.Tensors/Cpu/Products/MicroKernels.*.g.cs).

    python3 tools/kernels/generate.py

A kernel computes C[rows x columns] = start + A[rows x depth] * B[depth x columns] with all of C in registers. Every kernel of a path adds
the products of one element of C in the same order with the same instruction, so that the bits of a row do not depend on the number of rows.
"""
import pathlib

ROW_STRIDE = 272  # floats between rows of a packed A panel: K block 256 + 16, so that rows do not share cache sets
PREFETCH_STEPS = 8  # k-steps ahead
UNROLL = 4  # k-steps of one turn of the loop
OUT = pathlib.Path(__file__).resolve().parents[2] / "src/Augur.Tensors/Cpu/Products"

HEADER = """// Written by tools/kernels/generate.py; change that instead.
#nullable enable
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
{usings}
namespace Augur.Tensors.Cpu;

internal static unsafe partial class MicroKernels
{{
"""


class Path:
    def __init__(self, name, bits, rows, multiply_add, usings, and_, shift_left, prefetch, half):
        self.name, self.bits, self.rows, self.multiply_add = name, bits, rows, multiply_add
        self.usings, self.and_, self.shift_left, self.prefetch, self.half = usings, and_, shift_left, prefetch, half
        self.vector = f"Vector{bits}"
        self.lanes = bits // 32


AVX512 = Path("Avx512", 512, 14, "Avx512F.FusedMultiplyAdd", "using System.Runtime.Intrinsics.X86;\n",
              "Avx512F.And", "Avx512F.ShiftLeftLogical", True, "WidenHalf512")
AVX2 = Path("Avx2", 256, 6, "Fma.MultiplyAdd", "using System.Runtime.Intrinsics.X86;\n",
            "Avx2.And", "Avx2.ShiftLeftLogical", True, "WidenHalf256")
PORTABLE = Path("Portable", 128, 6, "Vector128.MultiplyAddEstimate", "",
                "Vector128.BitwiseAnd", "Vector128.ShiftLeft", False, "WidenHalf128")


def loads(p, kind, vectors, offset):
    """Statements that bring one k-step of B into b0, b1."""
    if kind in ("Single", "Streamed"):
        return [f"b{j} = {p.vector}.Load(b + {offset + j * p.lanes});" for j in range(vectors)]
    if kind == "BFloat16":  # column j in the low half of lane j, column j + lanes in the high half
        return [f"w = {p.vector}.Load(b + {offset});",
                f"b0 = {p.shift_left}(w, 16).AsSingle();",
                f"b1 = {p.and_}(w, {p.vector}.Create(0xffff0000u)).AsSingle();"]
    return [f"w = {p.vector}.Load(b + {offset});",
            f"b0 = {p.half}({p.shift_left}(w, 16));",
            f"b1 = {p.half}(w);"]


def step_statements(p, rows, kind, vectors, step, u):
    """One k-step, the u-th after a and b."""
    body = ["            " + s for s in loads(p, kind, vectors, u * step)]
    if p.prefetch and kind != "Single":
        # Every other cache line: lines are fetched in pairs, and more prefetches cost more than they bring.
        body += [f"            Sse.Prefetch0(b + {(PREFETCH_STEPS + u) * step + line});" for line in range(0, step, 32)]
    for i in range(rows):
        body.append(f"            x = {p.vector}.Create(a[{i * ROW_STRIDE + u}]); "
                    + " ".join(f"c{i}x{j} = {p.multiply_add}(x, b{j}, c{i}x{j});" for j in range(vectors)))
    return body


def kernel(p, rows, kind, vectors):
    packed = kind in ("BFloat16", "Float16")
    step = p.lanes if packed else vectors * p.lanes  # 32-bit elements of B per k-step
    v = f"{p.vector}<float>"
    o = ["    [MethodImpl(MethodImplOptions.AggressiveOptimization)]",
         f"    private static void {p.name}{kind}{rows}x{vectors * p.lanes}(float* a, void* panel, float* c, nint stride, nint depth, float* bias)",
         "    {",
         f"        var b = ({'uint' if packed else 'float'}*)panel;"]
    for i in range(rows):
        o.append(f"        {v} " + ", ".join(f"c{i}x{j}" for j in range(vectors)) + ";")
    o += ["        if (bias != null)", "        {"]
    for j in range(vectors):
        o.append(f"            c0x{j} = {p.vector}.Load(bias + {j * p.lanes});")
    for i in range(1, rows):
        o.append("            " + " ".join(f"c{i}x{j} = c0x{j};" for j in range(vectors)))
    o += ["        }", "        else", "        {", "            var from = c;"]
    for i in range(rows):
        o.append("            " + " ".join(f"c{i}x{j} = {p.vector}.Load(from + {j * p.lanes});" for j in range(vectors))
                 + (" from += stride;" if i < rows - 1 else ""))
    o += ["        }", "", "        var end = a + depth;"]
    o.append(f"        {v} x, " + ", ".join(f"b{j}" for j in range(vectors)) + ";")
    if packed:
        o.append(f"        {p.vector}<uint> w;")
    unroll = UNROLL if p.lanes == 16 and not packed else 1
    if unroll > 1:
        # Address arithmetic competes with the multiply-adds for two of their ports; several k-steps share it here.
        o += [f"        for (var last = end - {unroll - 1}; a < last; a += {unroll}, b += {unroll * step})", "        {"]
        for u in range(unroll):
            o += step_statements(p, rows, kind, vectors, step, u)
        o += ["        }", "", "        for (; a < end; a++, b += %d)" % step, "        {"]
    else:
        o += ["        for (; a < end; a++, b += %d)" % step, "        {"]
    o += step_statements(p, rows, kind, vectors, step, 0)
    o += ["        }", ""]
    for i in range(rows):
        o.append("        " + " ".join(f"c{i}x{j}.Store(c + {j * p.lanes});" for j in range(vectors)) + (" c += stride;" if i < rows - 1 else ""))
    o += ["    }", ""]
    return o


def transpose(p):
    """Transposes a square of floats as wide as a vector: unpack by 1, by 2, then exchange 128-bit parts."""
    n = p.lanes
    isa, unpack = ("Avx512F", "Avx512F") if n == 16 else ("Avx", "Avx")
    o = ["    [MethodImpl(MethodImplOptions.AggressiveOptimization)]",
         f"    private static void Transpose{p.name}(float* x, nint xStride, float* y, nint yStride)",
         "    {"]
    o += [f"        var r{i} = {p.vector}.Load(x + ({i} * xStride));" for i in range(n)]
    for i in range(0, n, 2):
        o += [f"        var s{i} = {unpack}.UnpackLow(r{i}, r{i + 1});", f"        var s{i + 1} = {unpack}.UnpackHigh(r{i}, r{i + 1});"]
    for i in range(0, n, 4):  # t[i + c]: column c (mod 4) of rows i to i + 3
        for h in range(2):
            for part, name in enumerate(("UnpackLow", "UnpackHigh")):
                o.append(f"        var t{i + 2 * h + part} = {unpack}.{name}(s{i + h}.AsDouble(), s{i + 2 + h}.AsDouble()).AsSingle();")
    if n == 8:
        for c in range(4):
            o += [f"        {isa}.Permute2x128(t{c}, t{c + 4}, 0x20).Store(y + ({c} * yStride));",
                  f"        {isa}.Permute2x128(t{c}, t{c + 4}, 0x31).Store(y + ({c + 4} * yStride));"]
    else:
        for c in range(4):
            for k, (lo, hi, sel) in enumerate(((0, 4, "0x88"), (0, 4, "0xdd"), (8, 12, "0x88"), (8, 12, "0xdd"))):
                o.append(f"        var u{c}x{k} = {isa}.Shuffle4x128(t{c + lo}, t{c + hi}, {sel});")
            for q, (k, sel) in enumerate(((0, "0x88"), (1, "0x88"), (0, "0xdd"), (1, "0xdd"))):
                o.append(f"        {isa}.Shuffle4x128(u{c}x{k}, u{c}x{k + 2}, {sel}).Store(y + ({c + 4 * q} * yStride));")
    o += ["    }", ""]
    return o


def table(p, kind, vectors, name):
    entries = ", ".join(f"&{p.name}{kind}{r}x{vectors * p.lanes}" for r in range(1, p.rows + 1))
    return [f"    private static delegate*<float*, void*, float*, nint, nint, float*, void>[] {name} => [{entries}];", ""]


def write(p):
    o = [HEADER.format(usings=p.usings).rstrip("\n")]
    kinds = ["Single", "Streamed", "BFloat16", "Float16"] if p.prefetch else ["Single", "BFloat16", "Float16"]
    for kind in kinds:
        o += table(p, kind, 2, f"{p.name}{kind}")
    o += table(p, "Single", 1, f"{p.name}Narrow")
    for kind in kinds:
        for rows in range(1, p.rows + 1):
            o += kernel(p, rows, kind, 2)
    for rows in range(1, p.rows + 1):
        o += kernel(p, rows, "Single", 1)
    if p.lanes > 4:
        o += transpose(p)
    while o[-1] == "":
        o.pop()
    o += ["}", ""]
    (OUT / f"MicroKernels.{p.name}.g.cs").write_text("\n".join(o))


PAIR_ROWS = 14  # 28 sums, 2 vectors of weights, a pair and a product: all 32 registers of AVX-512; without it (16 registers) 6 rows are used
PAIR_STRIDE = 272  # 16-bit integers between rows


def pairs(rows):
    """Sums of a group of products in integers, then scaled and added in singles: 16 columns in two vectors of 256 bits, two inputs a lane."""
    o = ["    [MethodImpl(MethodImplOptions.AggressiveOptimization)]",
         f"    private static void Pairs{rows}(short* a, float* scales, short* b, float* weightScales, float* c, nint group, nint groups)",
         "    {",
         "        for (; groups > 0; groups--, a += group, scales++, weightScales += 16)",
         "        {"]
    for i in range(rows):
        o.append("            " + " ".join(f"var c{i}x{j} = Vector256<int>.Zero;" for j in range(2)))
    o += [f"            Sse.Prefetch0(a + {i * PAIR_STRIDE + 32});" for i in range(rows)]  # of the next group; the rows come from the second-level cache
    o += ["            Vector256<short> x, b0, b1;", "            var end = a + group;",
          "            for (var p = a; p < end; p += 4, b += 64)", "            {"]
    for u in range(2):  # two pairs of inputs
        o += [f"                b{j} = Vector256.Load(b + {32 * u + 16 * j});" for j in range(2)]
        for i in range(rows):
            o.append(f"                x = Vector256.Create(*(int*)(p + {i * PAIR_STRIDE + 2 * u})).AsInt16(); "
                     + " ".join(f"c{i}x{j} = Avx2.Add(c{i}x{j}, Avx2.MultiplyAddAdjacent(x, b{j}));" for j in range(2)))
    o += ["            }", "", "            Vector256<float> scale;", "            var (s0, s1) = (Vector256.Load(weightScales), Vector256.Load(weightScales + 8));"]
    for i in range(rows):
        o.append(f"            scale = Vector256.Create(scales[{16 * i}]); "
                 + " ".join(f"AddScaled(c{i}x{j}, s{j}, scale, c + {16 * i + 8 * j});" for j in range(2)))
    o += ["        }", "    }", ""]
    return o


def write_pairs():
    entries = ", ".join(f"&Pairs{r}" for r in range(1, PAIR_ROWS + 1))
    o = [HEADER.format(usings="using System.Runtime.Intrinsics.X86;\n").rstrip("\n"),
         f"    private static delegate*<short*, float*, short*, float*, float*, nint, nint, void>[] Pairs => [{entries}];", ""]
    for rows in range(1, PAIR_ROWS + 1):
        o += pairs(rows)
    o.pop()
    o += ["}", ""]
    (OUT / "MicroKernels.Pairs.g.cs").write_text("\n".join(o))


for path in (AVX512, AVX2, PORTABLE):
    write(path)
write_pairs()
