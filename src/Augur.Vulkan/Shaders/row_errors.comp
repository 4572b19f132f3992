// The sums behind every error measure of entries x and y in twofold single precision. PARTIAL: one workgroup a chunk of an entry. Without: joins
// an entry's chunks in order. The chunk's length is fixed, so that an entry's sums depend on nothing but the entry.
// Measures as the host numbers them: 0 Σ(x−y)², Σy² · 1 Σ|x−y| · 2 Σ(x−y)² · 3 Σ|x−y|/(|y|+ε) · 4 its square · 5 Σxy, Σx², Σy² ·
// 6 Σ|x−y|, Σ|y|.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 64;
layout(constant_id = 1) const uint measure = 0;
layout(push_constant, scalar) uniform Push {
    Floats x; Floats y; Floats parts; Floats sums;
    uint length_, columns, xStride, yStride, chunk, chunks;
} p;
#include "double.glsl"

const uint COUNT = measure == 5 ? 3 : (measure == 0 || measure == 6 ? 2 : 1);
shared Twofold all[THREADS * COUNT];

void main() {
    uint t = gl_LocalInvocationIndex, entry = gl_WorkGroupID.y;
    Twofold mine[COUNT];
    [[unroll]] for (uint i = 0; i < COUNT; i++) { mine[i] = Twofold(0.0, 0.0); }
#ifdef PARTIAL
    uint rowsOfEntry = p.length_ / p.columns, first = gl_WorkGroupID.x * p.chunk, end = min(first + p.chunk, p.length_);
    for (uint e = first + t; e < end; e += THREADS) {
        uint row = entry * rowsOfEntry + e / p.columns, c = e % p.columns;
        float x = p.x.v[row * p.xStride + c], y = p.y.v[row * p.yStride + c];
        Twofold d = sum2(x, -y);
        if (measure == 0) { mine[0] = plus(mine[0], times(d, d)); mine[COUNT - 1] = plus(mine[COUNT - 1], times(y, y)); }
        else if (measure == 1) { mine[0] = plus(mine[0], magnitude(d)); }
        else if (measure == 2) { mine[0] = plus(mine[0], times(d, d)); }
        else if (measure == 3 || measure == 4) {
            Twofold tiny = Twofold(1e-10, -1.33514319e-18);                                   // 1e-10 in single precision, and what it lacks
            Twofold q = over(magnitude(d), plus(Twofold(abs(y), 0.0), tiny));
            mine[0] = plus(mine[0], measure == 4 ? times(q, q) : q);
        }
        else if (measure == 5) {
            mine[0] = plus(mine[0], times(x, y));
            mine[min(1, COUNT - 1)] = plus(mine[min(1, COUNT - 1)], times(x, x));
            mine[COUNT - 1] = plus(mine[COUNT - 1], times(y, y));
        }
        else { mine[0] = plus(mine[0], magnitude(d)); mine[COUNT - 1] = plus(mine[COUNT - 1], Twofold(abs(y), 0.0)); }
    }
#else
    for (uint e = t; e < p.chunks; e += THREADS) {
        [[unroll]] for (uint i = 0; i < COUNT; i++) {
            uint at = ((entry * p.chunks + e) * COUNT + i) * 2;
            mine[i] = plus(mine[i], Twofold(p.parts.v[at], p.parts.v[at + 1]));
        }
    }
#endif
    [[unroll]] for (uint i = 0; i < COUNT; i++) { all[t * COUNT + i] = mine[i]; }
    barrier();
    for (uint half_ = THREADS / 2; half_ > 0; half_ >>= 1) {
        if (t < half_) {
            [[unroll]] for (uint i = 0; i < COUNT; i++) { all[t * COUNT + i] = plus(all[t * COUNT + i], all[(t + half_) * COUNT + i]); }
        }
        barrier();
    }
    if (t == 0) {
        [[unroll]] for (uint i = 0; i < COUNT; i++) {
#ifdef PARTIAL
            uint at = ((entry * p.chunks + gl_WorkGroupID.x) * COUNT + i) * 2;
            p.parts.v[at] = all[i].h; p.parts.v[at + 1] = all[i].l;
#else
            uint at = (entry * COUNT + i) * 2;
            p.sums.v[at] = all[i].h; p.sums.v[at + 1] = all[i].l;
#endif
        }
    }
}
