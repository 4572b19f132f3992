// Normalises rows, one workgroup a row (RMS: a head of a row), two exact passes, sums in a fixed tree: bits depend on nothing but the row.
// MODE 0: (x − mean)/√(var + ε)·(1 + b) + a, a and b [entries, columns]. 1: …·b + a, a and b [columns]. 2: x/√(mean x² + ε)·b, b [columns].
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 256;
layout(constant_id = 1) const uint MODE = 0;
layout(constant_id = 2) const bool hasA = false;
layout(constant_id = 3) const bool hasB = false;
layout(constant_id = 4) const uint TX = 0;
layout(constant_id = 5) const uint TA = 0;
layout(constant_id = 6) const uint TB = 0;
layout(constant_id = 7) const uint TY = 0;
layout(push_constant, scalar) uniform Push {
    Floats x; Floats a; Floats b; Floats y;
    uint rows, columns, heads, xStride, yStride, aStride, bStride, rowsPerEntry, across;
    float epsilon;
} p;
#include "reduce.glsl"

void main() {
    uint t = gl_LocalInvocationIndex, which = gl_WorkGroupID.y * p.across + gl_WorkGroupID.x;
    if (which >= p.rows * p.heads) { return; }         // the whole workgroup together
    uint row = which / p.heads, head = which % p.heads, entry = row / p.rowsPerEntry;
    uint from = row * p.xStride + head * p.columns, to = row * p.yStride + head * p.columns;
    uint fromA = MODE == 0 ? entry * p.aStride : 0, fromB = MODE == 0 ? entry * p.bStride : 0;
    float mean = 0.0;
    if (MODE != 2) {
        float sum = 0.0;
        for (uint c = t; c < p.columns; c += THREADS) { sum += load(TX, p.x, from + c); }
        mean = sumOverWorkgroup(sum) / float(p.columns);
    }
    float squares = 0.0;
    for (uint c = t; c < p.columns; c += THREADS) { float d = load(TX, p.x, from + c) - mean; squares = fma(d, d, squares); }
    float factor = 1.0 / sqrt(sumOverWorkgroup(squares) / float(p.columns) + p.epsilon);
    for (uint c = t; c < p.columns; c += THREADS) {
        float v = (load(TX, p.x, from + c) - mean) * factor;
        if (hasB) { float b = load(TB, p.b, fromB + c); v *= MODE == 0 ? 1.0 + b : b; }
        if (hasA) { v += load(TA, p.a, fromA + c); }
        store(TY, p.y, to + c, v);
    }
}
