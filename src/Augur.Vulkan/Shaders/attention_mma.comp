// attention.comp on matrix units, heads of up to 128 channels. Each subgroup owns 16 queries; a workgroup shares tiles of 32 keys and values.
// Scores and weights of the softmax pass through shared memory, because the layout of an accumulator is unknown. Keys beyond an entry's count are
// not read; a key that only some queries of a tile see is read, and weighs exactly 0 in the others (where its values are finite).
#version 460
#extension GL_GOOGLE_include_directive : require
#include "mma_extensions.glsl"
#include "common.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint SUBGROUPS = 4;      // BR / 16
layout(constant_id = 2) const uint D = 64;
layout(constant_id = 3) const bool causal = false;
layout(constant_id = 4) const uint LANES = 32;         // subgroup size
layout(constant_id = 5) const bool aligned_ = false;   // D and all strides are multiples of 8, bases on 16 bytes
layout(constant_id = 6) const uint TQ = 0;
layout(constant_id = 7) const uint TK = 0;
layout(constant_id = 8) const uint TV = 0;
layout(constant_id = 9) const uint TY = 0;
const uint BC = 32, DP = (D + 15) / 16 * 16, ROW = DP / 8 + 1, PROW = BC / 8 + 1;      // ROW, PROW in uvec4
// LANES ≥ 16: a row of scores belongs to LANES/16 neighbouring lanes. Fewer: a lane has several rows.
const uint PER_ROW = LANES >= 16 ? LANES / 16 : 1, ROWS = LANES >= 16 ? 1 : 16 / LANES, COLUMNS = BC / PER_ROW;
const float Lowest = -3.402823e38;
const uint SROW = 36;                                  // floats in a row of scores; a multiple of 4, not of 32

#include "attention.glsl"

// Keys, values, then each subgroup's 16 rows of softmax weights. The queries pass through the place of keys and values at the start.
const uint KV = BC * ROW, Weights = 2 * KV, Queries = Weights + SUBGROUPS * 16 * PROW;
#ifdef MMA_EMULATED
shared uvec4 lds[Queries + SUBGROUPS * 16 * ROW];      // the emulation reads operands where they lie: the queries need a place that stays
#else
shared uvec4 lds[Queries];
#endif
shared float scratch[SUBGROUPS * 16 * SROW];
#include "mma.glsl"

uvec4 load8(uint type, Floats x, uint at, uint c, bool inside, float factor) {
    if (!inside) { return uvec4(0); }
    if (type == F16 && aligned_ && factor == 1.0) { return UInt4s(x).v[(at + c) / 8]; }
    vec4 lo = vec4(0), hi = vec4(0);
    if (aligned_) { lo = load4(type, x, at + c); hi = load4(type, x, at + c + 4); }
    else {
        UNROLL for (uint i = 0; i < 4; i++) {
            if (c + i < D) { lo[i] = load(type, x, at + c + i); }
            if (c + 4 + i < D) { hi[i] = load(type, x, at + c + 4 + i); }
        }
    }
    return uvec4(packHalf4(lo * factor), packHalf4(hi * factor));
}

void main() {
    const uint threads = SUBGROUPS * LANES;
    uint t = gl_LocalInvocationIndex, lane = gl_SubgroupInvocationID, subgroup = gl_SubgroupID;
    uint head = gl_WorkGroupID.y, batch = gl_WorkGroupID.z, first = (gl_WorkGroupID.x * SUBGROUPS + subgroup) * 16;
    uint keyHead = head / p.headsPerKeyHead * D, keys = (p.options & 2) != 0 ? p.counts.v[batch] : p.keys, seen = keys;
    if (causal) { seen = min(keys, min((gl_WorkGroupID.x + 1) * SUBGROUPS * 16, p.queries) + p.keys - p.queries); }
    uint scores = subgroup * 16 * SROW, weights = Weights + subgroup * 16 * PROW;

    // Queries to fragments, one subgroup's 16 rows after another through the start of lds. log₂e is folded into the scale: exp2 below.
    FRAGMENT_A q[DP / 16];
    for (uint s = 0; s < SUBGROUPS; s++) {
        barrier();
        uint firstOfS = (gl_WorkGroupID.x * SUBGROUPS + s) * 16;
        for (uint e = t; e < 16 * (DP / 8); e += threads) {
            uint row = e / (DP / 8), c = (e % (DP / 8)) * 8;
            lds[row * ROW + e % (DP / 8)] = load8(TQ, p.q, (batch * p.queries + firstOfS + row) * p.qStride + head * D, c,
                firstOfS + row < p.queries && c < D, p.scale * 1.44269504);
        }
        barrier();
#ifdef MMA_EMULATED
        for (uint e = t; e < 16 * ROW; e += threads) { lds[Queries + s * 16 * ROW + e] = lds[e]; }
        if (s == subgroup) { UNROLL for (uint i = 0; i < DP / 16; i++) { LOAD_A(q[i], Queries + s * 16 * ROW + i * 2, ROW); } }
#else
        if (s == subgroup) { UNROLL for (uint i = 0; i < DP / 16; i++) { LOAD_A(q[i], i * 2, ROW); } }
#endif
    }

    FRAGMENT_C out_[DP / 16];
    UNROLL for (uint i = 0; i < DP / 16; i++) { ZERO_C(out_[i]); }

    float largest[ROWS], total[ROWS];
    UNROLL for (uint r = 0; r < ROWS; r++) { largest[r] = Lowest; total[r] = 0.0; }

    for (uint key0 = 0; key0 < seen; key0 += BC) {
        barrier();
        for (uint e = t; e < BC * (DP / 8); e += threads) {
            uint row = e / (DP / 8), c = (e % (DP / 8)) * 8;
            bool inside = key0 + row < seen && c < D;
            lds[row * ROW + e % (DP / 8)] = load8(TK, p.k, (batch * p.keys + key0 + row) * p.kStride + keyHead, c, inside, 1.0);
            lds[KV + row * ROW + e % (DP / 8)] = load8(TV, p.v, (batch * p.keys + key0 + row) * p.vStride + keyHead, c, inside, 1.0);
        }
        barrier();
        UNROLL for (uint j = 0; j < BC / 16; j++) {
            FRAGMENT_C s;
            ZERO_C(s);
            UNROLL for (uint i = 0; i < DP / 16; i++) {
                FRAGMENT_B b;
                LOAD_B_COLUMNS(b, j * 16 * ROW + i * 2, ROW);
                MULADD(s, q[i], b);
            }
            STORE_C(s, scores + j * 16, SROW);
        }
        subgroupMemoryBarrierShared(); subgroupBarrier();

        float shrink[ROWS];
        bool changed = false;
        UNROLL for (uint r = 0; r < ROWS; r++) {
            uint row = LANES >= 16 ? lane / PER_ROW : lane * ROWS + r, column0 = LANES >= 16 ? (lane % PER_ROW) * COLUMNS : 0;
            uint limit = causal ? min(keys, first + row + p.keys - p.queries + 1) : keys;
            float s[COLUMNS], m = largest[r];
            UNROLL for (uint c = 0; c < COLUMNS; c++) {
                uint key = key0 + column0 + c;
                s[c] = scratch[scores + row * SROW + column0 + c];
                if (key >= limit) { s[c] = Lowest; }
                else if ((p.options & 1) != 0 && first + row < p.queries) {
                    s[c] += 1.44269504 * max(p.bias.v[head * p.biasHeadStride + (first + row) * p.biasStride + key], -1e30);
                }
                m = max(m, s[c]);
            }
            for (uint other = 1; other < PER_ROW; other <<= 1) { m = max(m, subgroupShuffleXor(m, other)); }
            shrink[r] = exp2(largest[r] - m);
            changed = changed || m > largest[r];
            largest[r] = m;
            float sum = 0.0;
            UNROLL for (uint c = 0; c < COLUMNS; c += 8) {
                vec4 lo, hi;
                UNROLL for (uint i = 0; i < 4; i++) {
                    lo[i] = key0 + column0 + c + i < limit ? exp2(s[c + i] - m) : 0.0;
                    hi[i] = key0 + column0 + c + 4 + i < limit ? exp2(s[c + 4 + i] - m) : 0.0;
                    sum += lo[i] + hi[i];
                }
                lds[weights + row * PROW + (column0 + c) / 8] = uvec4(packHalf4(lo), packHalf4(hi));
            }
            for (uint other = 1; other < PER_ROW; other <<= 1) { sum += subgroupShuffleXor(sum, other); }
            total[r] = total[r] * shrink[r] + sum;
        }
        // Shrinking by exactly 1 changes nothing, so it may be left out where no row's maximum rose.
        if (subgroupAny(changed)) {
            subgroupMemoryBarrierShared(); subgroupBarrier();
            UNROLL for (uint r = 0; r < ROWS; r++) {
                uint row = LANES >= 16 ? lane / PER_ROW : lane * ROWS + r;
                for (uint c = lane % PER_ROW; c < 16; c += PER_ROW) { scratch[scores + row * SROW + c] = shrink[r]; }
            }
            subgroupMemoryBarrierShared(); subgroupBarrier();
            FRAGMENT_C f;
            LOAD_C(f, scores, SROW);
            UNROLL for (uint i = 0; i < DP / 16; i++) { SCALE_C(out_[i], f); }
        }
        subgroupMemoryBarrierShared(); subgroupBarrier();
        UNROLL for (uint j = 0; j < BC / 16; j++) {
            FRAGMENT_A a;
            LOAD_A(a, weights + j * 2, PROW);
            UNROLL for (uint i = 0; i < DP / 16; i++) {
                FRAGMENT_B b;
                LOAD_B_ROWS(b, KV + j * 16 * ROW + i * 2, ROW);
                MULADD(out_[i], a, b);
            }
        }
    }

    // The divisors go where the first 16 columns of scores were, the results beside them.
    subgroupMemoryBarrierShared(); subgroupBarrier();
    UNROLL for (uint r = 0; r < ROWS; r++) {
        uint row = LANES >= 16 ? lane / PER_ROW : lane * ROWS + r;
        if (lane % PER_ROW == 0) { scratch[scores + row * SROW] = 1.0 / total[r]; }
    }
    UNROLL for (uint i = 0; i < DP / 16; i++) {
        STORE_C(out_[i], scores + 4, SROW);
        subgroupMemoryBarrierShared(); subgroupBarrier();
        for (uint e = lane; e < 256; e += LANES) {
            uint row = e / 16, c = i * 16 + e % 16;
            if (first + row < p.queries && c < D) {
                float v = scratch[scores + row * SROW + 4 + e % 16] * scratch[scores + row * SROW];
                store(TY, p.y, (batch * p.queries + first + row) * p.yStride + head * D + c, v);
            }
        }
        subgroupMemoryBarrierShared(); subgroupBarrier();
    }
}
