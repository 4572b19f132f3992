// One element of y by one thread at a time. Types are specialisation constants, so each is a kernel of its own without branches.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 256;
layout(constant_id = 1) const uint OPERATION = 0;
layout(constant_id = 2) const uint TX = 0;
layout(constant_id = 3) const uint TA = 0;
layout(constant_id = 4) const uint TB = 0;
layout(constant_id = 5) const uint TY = 0;
layout(push_constant, scalar) uniform Push {
    Floats x; Floats a; Floats b; Floats y;
    uint rows, columns, xStride, aStride, bStride, yStride, rowsPerEntry, activation;
    float low, high;
} p;

float element(uint row, uint c) {
    if (OPERATION == 0) { return p.low; }                                                 // fill
    float x = load(TX, p.x, row * p.xStride + c);
    switch (OPERATION) {
        case 2: return x * load(TA, p.a, row * p.aStride + c);
        case 3: return isNaN(x) ? x : min(max(x, p.low), p.high);
        case 4: return activate(p.activation, x);
        case 5: return x * activate(p.activation, load(TA, p.a, row * p.aStride + c));
        case 6: {                                                                         // x + gate ⊙ branch, as the combination ends
            precise float product = load(TA, p.a, (row / p.rowsPerEntry) * p.aStride + c) * load(TB, p.b, row * p.bStride + c);
            precise float sum = x + product;
            return sum;
        }
        default: return x;                                                                // conversion
    }
}

void main() {
    uint count = p.rows * p.columns, step_ = gl_NumWorkGroups.x * THREADS;
    for (uint i = gl_GlobalInvocationID.x; i < count; i += step_) {
        uint row = i / p.columns, c = i % p.columns;
        store(TY, p.y, row * p.yStride + c, element(row, c));
    }
}
