// What methods that treat tokens one by one need. OPERATION 0: norms of heads · 1: nearest centroid · 2: means of clusters · 3: blend.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 64;
layout(constant_id = 1) const uint OPERATION = 0;
layout(constant_id = 2) const uint TX = 0;             // 3: of fresh
layout(constant_id = 3) const uint TY = 0;             // 3: of y
layout(push_constant, scalar) uniform Push {
    Floats x; Floats a; Floats y; Ints labels; UInts faults;
    uint count, tokens, clusters, channels, heads, xStride, aStride, yStride, labelStride;
    float ratio;
} p;
#include "double.glsl"

void headNorm(uint i) {                                // norms [batch, heads, tokens]
    uint token = i % p.tokens, head = i / p.tokens % p.heads, entry = i / p.tokens / p.heads, width = p.channels / p.heads;
    uint from = (entry * p.tokens + token) * p.xStride + head * width;
    Twofold sum = Twofold(0.0, 0.0);
    for (uint c = 0; c < width; c++) { float v = p.x.v[from + c]; sum = plus(sum, times(v, v)); }
    p.y.v[(entry * p.heads + head) * p.yStride + token] = sqrt(sum.h);
}

void nearest(uint i) {                                 // labels [batch, tokens]; y is Int32
    uint entry = i / p.tokens, least = 0;
    Twofold best = Twofold(uintBitsToFloat(0x7f800000u), 0.0);
    for (uint c = 0; c < p.clusters; c++) {
        Twofold sum = Twofold(0.0, 0.0);
        uint from = i * p.xStride, other = (entry * p.clusters + c) * p.aStride;
        for (uint d = 0; d < p.channels; d++) { sum = plus(sum, magnitude(sum2(p.x.v[from + d], -p.a.v[other + d]))); }
        bool finite = (floatBitsToUint(sum.h) & 0x7f800000u) != 0x7f800000u;
        if (finite && (sum.h < best.h || (sum.h == best.h && sum.l < best.l))) { best = sum; least = c; }
    }
    Ints(p.y).v[entry * p.yStride + i % p.tokens] = int(least);
}

void clusterMean(uint i) {                             // means [batch, clusters, channels]
    uint channel = i % p.channels, cluster = i / p.channels % p.clusters, entry = i / p.channels / p.clusters;
    float sum = 0.0, members = 0.0;
    for (uint n = 0; n < p.tokens; n++) {
        uint label = uint(p.labels.v[entry * p.labelStride + n]);
        if (label >= p.clusters) { p.faults.v[0] = 1u; }
        if (label == cluster) { sum += p.x.v[(entry * p.tokens + n) * p.xStride + channel]; members += 1.0; }
    }
    p.y.v[(entry * p.clusters + cluster) * p.yStride + channel] = sum / (members + 1e-8);
}

void blend(uint i) {                                   // y [batch, tokens, channels], x fresh [batch, clusters, channels]
    uint channel = i % p.channels, row = i / p.channels, entry = row / p.tokens, at = row * p.yStride + channel;
    uint label = uint(p.labels.v[entry * p.labelStride + row % p.tokens]);
    if (label >= p.clusters) { p.faults.v[0] = 1u; return; }
    float fresh = load(TX, p.x, (entry * p.clusters + label) * p.xStride + channel);
    store(TY, p.y, at, p.ratio * fresh + (1.0 - p.ratio) * load(TY, p.y, at));
}

void main() {
    uint step_ = gl_NumWorkGroups.x * THREADS;
    for (uint i = gl_GlobalInvocationID.x; i < p.count; i += step_) {
        switch (OPERATION) {
            case 0: headNorm(i); break;
            case 1: nearest(i); break;
            case 2: clusterMean(i); break;
            default: blend(i); break;
        }
    }
}
