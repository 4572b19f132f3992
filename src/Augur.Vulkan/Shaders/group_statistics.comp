// First half of group norm: mean and sum of squared deviations of each chunk of pixels of one group of one picture. The number of chunks
// depends on the picture's size alone, never on the batch.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 256;
layout(constant_id = 1) const uint TX = 0;
layout(push_constant, scalar) uniform Push { Floats x; Floats statistics; uint pixels, channels, groups, chunkPixels, chunks; } p;
#include "reduce.glsl"

void main() {
    uint t = gl_LocalInvocationIndex, chunk = gl_WorkGroupID.x, group = gl_WorkGroupID.y, entry = gl_WorkGroupID.z;
    uint width = p.channels / p.groups, first = chunk * p.chunkPixels, count = min(p.chunkPixels, p.pixels - first) * width;
    uint base = (entry * p.pixels + first) * p.channels + group * width;
    float sum = 0.0, squares = 0.0;
    for (uint e = t; e < count; e += THREADS) { sum += load(TX, p.x, base + (e / width) * p.channels + e % width); }
    float mean = sumOverWorkgroup(sum) / float(count);
    for (uint e = t; e < count; e += THREADS) {
        float d = load(TX, p.x, base + (e / width) * p.channels + e % width) - mean;
        squares = fma(d, d, squares);
    }
    squares = sumOverWorkgroup(squares);
    if (t == 0) { uint at = ((entry * p.groups + group) * p.chunks + chunk) * 2; p.statistics.v[at] = mean; p.statistics.v[at + 1] = squares; }
}
