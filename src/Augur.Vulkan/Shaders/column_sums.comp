// How much attention each key receives: Σ over queries of softmax(q kᵀ · scale), mean over heads. STATISTICS: largest score and 1/Σ of each query
// and head. Without: a thread owns a key and adds its weights, head by head and query by query, in order.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 64;
layout(push_constant, scalar) uniform Push {
    Floats q; Floats k; Floats statistics; Floats sums;
    uint queries, keys, heads, width, qStride, kStride, sumStride;
    float scale;
} p;

float score(uint query, uint key, uint head) {
    uint a = query * p.qStride + head * p.width, b = key * p.kStride + head * p.width, c = 0;
    float sum = 0.0;
    for (; c + 8 <= p.width; c += 8) { [[unroll]] for (uint u = 0; u < 8; u++) { sum = fma(p.q.v[a + c + u], p.k.v[b + c + u], sum); } }
    for (; c < p.width; c++) { sum = fma(p.q.v[a + c], p.k.v[b + c], sum); }
    return sum * p.scale;
}

#ifdef STATISTICS
#include "reduce.glsl"
shared float maxima[THREADS];
void main() {
    uint t = gl_LocalInvocationIndex, i = gl_WorkGroupID.x, head = gl_WorkGroupID.y, entry = gl_WorkGroupID.z;
    float largest = -3.402823e38;
    for (uint j = t; j < p.keys; j += THREADS) { largest = max(largest, score(entry * p.queries + i, entry * p.keys + j, head)); }
    maxima[t] = largest;
    barrier();
    for (uint half_ = THREADS / 2; half_ > 0; half_ >>= 1) {
        if (t < half_) { maxima[t] = max(maxima[t], maxima[t + half_]); }
        barrier();
    }
    largest = maxima[0];
    float sum = 0.0;
    for (uint j = t; j < p.keys; j += THREADS) { sum += exactExp(score(entry * p.queries + i, entry * p.keys + j, head) - largest); }
    sum = sumOverWorkgroup(sum);
    if (t == 0) { uint at = ((entry * p.heads + head) * p.queries + i) * 2; p.statistics.v[at] = largest; p.statistics.v[at + 1] = 1.0 / sum; }
}
#else
void main() {
    uint j = gl_WorkGroupID.x * THREADS + gl_LocalInvocationIndex, entry = gl_WorkGroupID.y;
    if (j >= p.keys) { return; }
    float total = 0.0;
    for (uint head = 0; head < p.heads; head++) {
        for (uint i = 0; i < p.queries; i++) {
            uint at = ((entry * p.heads + head) * p.queries + i) * 2;
            total += exactExp(score(entry * p.queries + i, entry * p.keys + j, head) - p.statistics.v[at]) * p.statistics.v[at + 1];
        }
    }
    p.sums.v[entry * p.sumStride + j] = total / float(p.heads);
}
#endif
