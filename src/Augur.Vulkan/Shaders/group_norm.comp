// Second half: joins the chunks' statistics in their order (Chan, Golub, LeVeque) and normalises.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 256;
layout(constant_id = 1) const uint TX = 0;
layout(constant_id = 2) const uint TY = 0;
layout(push_constant, scalar) uniform Push {
    Floats x; Floats statistics; Floats weight; Floats bias; Floats y;
    uint pixels, channels, groups, chunkPixels, chunks, activation;
    float epsilon;
} p;

void main() {
    uint chunk = gl_WorkGroupID.x, group = gl_WorkGroupID.y, entry = gl_WorkGroupID.z, width = p.channels / p.groups;
    float mean = 0.0, squares = 0.0, seen = 0.0;
    for (uint c = 0; c < p.chunks; c++) {
        uint at = ((entry * p.groups + group) * p.chunks + c) * 2;
        float n = float(min(p.chunkPixels, p.pixels - c * p.chunkPixels) * width), d = p.statistics.v[at] - mean, all = seen + n;
        mean += d * (n / all);
        squares += p.statistics.v[at + 1] + d * d * (seen * n / all);
        seen = all;
    }
    float factor = 1.0 / sqrt(squares / seen + p.epsilon);
    uint first = chunk * p.chunkPixels, count = min(p.chunkPixels, p.pixels - first) * width;
    uint base = (entry * p.pixels + first) * p.channels + group * width;
    for (uint e = gl_LocalInvocationIndex; e < count; e += THREADS) {
        uint channel = group * width + e % width, at = base + (e / width) * p.channels + e % width;
        store(TY, p.y, at, activate(p.activation, (load(TX, p.x, at) - mean) * factor * p.weight.v[channel] + p.bias.v[channel]));
    }
}
