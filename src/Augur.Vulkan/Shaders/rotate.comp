// Rotary positions: a thread turns one pair of channels, or copies one that does not turn.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 256;
layout(constant_id = 1) const bool halved = false;     // pairs i and i + turned; else 2i and 2i + 1
layout(constant_id = 2) const uint TX = 0;
layout(constant_id = 3) const uint TY = 0;
layout(push_constant, scalar) uniform Push {
    Floats x; Floats cosines; Floats sines; Floats y;
    uint rows, heads, width, pairs, xStride, yStride, cosineStride, sineStride, tokens;  // tokens: 0 if every row has angles of its own
} p;

void main() {
    uint each = p.width - p.pairs, count = p.rows * p.heads * each, step_ = gl_NumWorkGroups.x * THREADS;
    for (uint i = gl_GlobalInvocationID.x; i < count; i += step_) {
        uint row = i / (p.heads * each), rest = i % (p.heads * each), head = rest / each, k = rest % each;
        uint from = row * p.xStride + head * p.width, to = row * p.yStride + head * p.width;
        if (k >= p.pairs) { store(TY, p.y, to + k + p.pairs, load(TX, p.x, from + k + p.pairs)); continue; }
        uint angle = p.tokens == 0 ? row : row % p.tokens, first = halved ? k : 2 * k, second = halved ? k + p.pairs : 2 * k + 1;
        float cosine = p.cosines.v[angle * p.cosineStride + k], sine = p.sines.v[angle * p.sineStride + k];
        float a = load(TX, p.x, from + first), b = load(TX, p.x, from + second);
        store(TY, p.y, to + first, a * cosine - b * sine);
        store(TY, p.y, to + second, a * sine + b * cosine);
    }
}
