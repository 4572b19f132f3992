// Places of the k largest of each row, largest first, ties to the lower place, NaN above all. Each element counts those before it: n² compares
// in parallel, no atomics, no limit on n from shared memory, and one answer whatever the order of execution.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 256;
layout(push_constant, scalar) uniform Push { UInts scores; Ints places; uint n, k, stride, placeStride, firstRow; } p;
shared uint tile[THREADS];

// Bits whose unsigned order is the order of the numbers; −0 counts as 0; NaN, known by its bits because isnan may be optimised away, is the largest.
uint key(uint bits) {
    if ((bits & 0x7fffffffu) > 0x7f800000u) { return 0xffffffffu; }
    if (bits == 0x80000000u) { bits = 0; }
    return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
}

void main() {
    uint t = gl_LocalInvocationIndex, row = p.firstRow + gl_WorkGroupID.y, i = gl_WorkGroupID.x * THREADS + t, before = 0;
    uint mine = i < p.n ? key(p.scores.v[row * p.stride + i]) : 0;
    for (uint first = 0; first < p.n; first += THREADS) {
        barrier();
        tile[t] = first + t < p.n ? key(p.scores.v[row * p.stride + first + t]) : 0;
        barrier();
        // Behind the row's end stand zeros with later places, which come before nothing.
        for (uint j = 0; j < THREADS; j += 8) {
            [[unroll]] for (uint u = 0; u < 8; u++) { before += uint(tile[j + u] > mine || (tile[j + u] == mine && first + j + u < i)); }
        }
    }
    if (i < p.n && before < p.k) { p.places.v[row * p.placeStride + before] = int(i); }
}
