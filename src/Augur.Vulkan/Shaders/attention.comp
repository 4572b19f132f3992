// y = softmax(q kᵀ · scale + bias) v per head in one pass over tiles of 32 keys (online softmax), single precision, heads of any width.
// A query row's arithmetic depends only on the order of its keys: bits depend neither on the batch, nor on the queries that share a tile, nor on
// keys that the row does not see (which change neither its maximum nor its sums, and whose values are not multiplied).
// A workgroup makes up to C · 32 channels of the output; wider heads are shared out, each part with the same scores.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 64;       // BR / 4 · 8
layout(constant_id = 1) const uint C = 2;              // slices of 32 channels
layout(constant_id = 2) const bool causal = false;
layout(constant_id = 3) const uint TQ = 0;
layout(constant_id = 4) const uint TK = 0;
layout(constant_id = 5) const uint TV = 0;
layout(constant_id = 6) const uint TY = 0;
const uint BR = THREADS / 8 * 4, BC = 32;              // queries per workgroup, keys per tile

#include "attention.glsl"

shared float tileQ[BR * 33];                           // one slice of 32 channels of the queries
shared float tileKV[BC * 33];                          // of the keys, or of the values
shared float tileP[BR * 33];
shared float partial[BR * 8];

const float Lowest = -3.402823e38;

void main() {
    uint t = gl_LocalInvocationIndex, tx = t % 8, ty = t / 8;                             // 4 × 4 scores per thread
    uint head = gl_WorkGroupID.y, entry = gl_WorkGroupID.z / p.parts, firstChannel = gl_WorkGroupID.z % p.parts * (C * 32);
    uint first = gl_WorkGroupID.x * BR, keyHead = head / p.headsPerKeyHead * p.width;
    uint keys = (p.options & 2) != 0 ? p.counts.v[entry] : p.keys, seen = keys, limit[4];
    [[unroll]] for (uint i = 0; i < 4; i++) { limit[i] = causal ? min(keys, first + ty * 4 + i + p.keys - p.queries + 1) : keys; }
    if (causal) { seen = min(keys, min(first + BR, p.queries) + p.keys - p.queries); }

    float out_[C][4][4], largest[4], total[4];
    [[unroll]] for (uint i = 0; i < 4; i++) {
        largest[i] = Lowest; total[i] = 0.0;
        [[unroll]] for (uint c = 0; c < C; c++) { [[unroll]] for (uint j = 0; j < 4; j++) { out_[c][i][j] = 0.0; } }
    }

    for (uint key0 = 0; key0 < seen; key0 += BC) {
        float s[4][4];
        [[unroll]] for (uint i = 0; i < 4; i++) { [[unroll]] for (uint j = 0; j < 4; j++) { s[i][j] = 0.0; } }
        for (uint c = 0; c < p.width; c += 32) {
            barrier();
            for (uint e = t; e < BR * 32; e += THREADS) {
                uint row = e / 32, ch = c + e % 32;
                bool inside = first + row < p.queries && ch < p.width;
                uint at = (entry * p.queries + first + row) * p.qStride + head * p.width + ch;
                tileQ[row * 33 + e % 32] = inside ? load(TQ, p.q, at) * p.scale : 0.0;
            }
            for (uint e = t; e < BC * 32; e += THREADS) {
                uint row = e / 32, ch = c + e % 32;
                bool inside = key0 + row < seen && ch < p.width;
                tileKV[row * 33 + e % 32] = inside ? load(TK, p.k, (entry * p.keys + key0 + row) * p.kStride + keyHead + ch) : 0.0;
            }
            barrier();
            for (uint k8 = 0; k8 < 32; k8 += 8) {
                [[unroll]] for (uint u = 0; u < 8; u++) {
                    uint kk = k8 + u;
                    float a[4], b[4];
                    [[unroll]] for (uint i = 0; i < 4; i++) { a[i] = tileQ[(ty * 4 + i) * 33 + kk]; }
                    [[unroll]] for (uint j = 0; j < 4; j++) { b[j] = tileKV[(tx + 8 * j) * 33 + kk]; }
                    [[unroll]] for (uint i = 0; i < 4; i++) { [[unroll]] for (uint j = 0; j < 4; j++) { s[i][j] = fma(a[i], b[j], s[i][j]); } }
                }
            }
        }
        [[unroll]] for (uint i = 0; i < 4; i++) {
            float m = Lowest;
            uint row = first + ty * 4 + i;
            [[unroll]] for (uint j = 0; j < 4; j++) {
                uint key = key0 + tx + 8 * j;
                if (key >= limit[i]) { s[i][j] = Lowest; }
                else if ((p.options & 1) != 0 && row < p.queries) {
                    s[i][j] += max(p.bias.v[head * p.biasHeadStride + row * p.biasStride + key], -1e30);    // −∞ would give ∞ − ∞
                }
                m = max(m, s[i][j]);
            }
            partial[(ty * 4 + i) * 8 + tx] = m;
        }
        barrier();
        float shrink[4], mine[4];
        [[unroll]] for (uint i = 0; i < 4; i++) {
            float m = largest[i];
            [[unroll]] for (uint j = 0; j < 8; j++) { m = max(m, partial[(ty * 4 + i) * 8 + j]); }
            shrink[i] = exactExp(largest[i] - m);
            largest[i] = m;
            mine[i] = 0.0;
            [[unroll]] for (uint j = 0; j < 4; j++) {
                float e = key0 + tx + 8 * j < limit[i] ? exactExp(s[i][j] - m) : 0.0;
                tileP[(ty * 4 + i) * 33 + tx + 8 * j] = e;
                mine[i] += e;
            }
        }
        barrier();
        [[unroll]] for (uint i = 0; i < 4; i++) { partial[(ty * 4 + i) * 8 + tx] = mine[i]; }
        barrier();
        [[unroll]] for (uint i = 0; i < 4; i++) {
            float sum = 0.0;
            [[unroll]] for (uint j = 0; j < 8; j++) { sum += partial[(ty * 4 + i) * 8 + j]; }
            total[i] = fma(total[i], shrink[i], sum);
        }
        [[unroll]] for (uint c = 0; c < C; c++) {
            barrier();
            for (uint e = t; e < BC * 32; e += THREADS) {
                uint row = e / 32, ch = firstChannel + c * 32 + e % 32;
                bool inside = key0 + row < seen && ch < p.width;
                tileKV[row * 33 + e % 32] = inside ? load(TV, p.v, (entry * p.keys + key0 + row) * p.vStride + keyHead + ch) : 0.0;
            }
            barrier();
            [[unroll]] for (uint i = 0; i < 4; i++) { [[unroll]] for (uint j = 0; j < 4; j++) { out_[c][i][j] *= shrink[i]; } }
            for (uint k8 = 0; k8 < BC; k8 += 8) {
                [[unroll]] for (uint u = 0; u < 8; u++) {
                    uint kk = k8 + u;
                    float a[4], b[4];
                    [[unroll]] for (uint i = 0; i < 4; i++) { a[i] = tileP[(ty * 4 + i) * 33 + kk]; }
                    [[unroll]] for (uint j = 0; j < 4; j++) { b[j] = tileKV[kk * 33 + tx + 8 * j]; }
                    [[unroll]] for (uint i = 0; i < 4; i++) {
                        if (!causal || key0 + kk < limit[i]) {
                            [[unroll]] for (uint j = 0; j < 4; j++) { out_[c][i][j] = fma(a[i], b[j], out_[c][i][j]); }
                        }
                    }
                }
            }
        }
    }
    [[unroll]] for (uint c = 0; c < C; c++) {
        [[unroll]] for (uint i = 0; i < 4; i++) {
            [[unroll]] for (uint j = 0; j < 4; j++) {
                uint row = first + ty * 4 + i, ch = firstChannel + c * 32 + tx + 8 * j;
                if (row < p.queries && ch < p.width) {
                    store(TY, p.y, (entry * p.queries + row) * p.yStride + head * p.width + ch, out_[c][i][j] / total[i]);
                }
            }
        }
    }
}
