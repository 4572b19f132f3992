// linear.comp on matrix units, and with CONV convolutions: half × half into single precision. Operands that are not halves are rounded on the way into shared memory. Two shared
// buffers: while one tile is multiplied, the next comes from memory into registers. The order over k is that of the 16-wide fragments, whatever
// the number of rows: the same bits for a row in any batch, on one device. With CONV a row is the patch under a pixel, gathered by its loader.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "mma_extensions.glsl"
#include "common.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 128;      // subgroups · subgroup size
layout(constant_id = 1) const uint BM = 64;            // tile per workgroup
layout(constant_id = 2) const uint BN = 64;
layout(constant_id = 3) const uint WM = 32;            // tile per subgroup
layout(constant_id = 4) const uint WN = 32;
layout(constant_id = 5) const uint FORMAT = 0;         // of the weight
layout(constant_id = 6) const uint TX = 0;
layout(constant_id = 7) const uint TY = 0;
layout(constant_id = 8) const bool alignedX = false;   // rows begin on eight elements and on 16 bytes, and K is a multiple of 8
layout(constant_id = 9) const bool alignedW = false;
layout(constant_id = 10) const uint activation = 0;
const uint BK = 32, STRIDE = BK / 8 + 1;               // in uvec4; the odd one avoids bank conflicts
#include "product.glsl"
#include "weights.glsl"

shared uvec4 lds[2 * (BM + BN) * STRIDE];
shared float scratch[(BM / WM) * (BN / WN) * 256];
#include "mma.glsl"

uvec4 loadX8(uint row, uint k) {                       // eight halves
#ifndef CONV
    if (TX == F16 && alignedX) { return row < p.m && k < p.k ? UInt4s(p.x).v[(row * p.xStride + k) / 8] : uvec4(0); }
#endif
    return uvec4(packHalf4(loadX(row, k)), packHalf4(loadX(row, k + 4)));
}

uvec4 loadW8(uint row, uint k) {
    if (FORMAT == F16 && alignedW) { return row < p.n && k < p.k ? UInt4s(p.w).v[(row * p.k + k) / 8] : uvec4(0); }
    return uvec4(packHalf4(loadW(row, k)), packHalf4(loadW(row, k + 4)));
}

const uint PX = (BM * BK / 8 + THREADS - 1) / THREADS, PW = (BN * BK / 8 + THREADS - 1) / THREADS;
uvec4 nextX[PX], nextW[PW];

void fetch(uint firstRow, uint firstColumn, uint k0) {
    uint t = gl_LocalInvocationIndex;
    UNROLL for (uint i = 0; i < PX; i++) {
        uint e = t + i * THREADS;
        if (e < BM * BK / 8) { nextX[i] = loadX8(firstRow + e / (BK / 8), k0 + (e % (BK / 8)) * 8); }
    }
    UNROLL for (uint i = 0; i < PW; i++) {
        uint e = t + i * THREADS;
        if (e < BN * BK / 8) { nextW[i] = loadW8(firstColumn + e / (BK / 8), k0 + (e % (BK / 8)) * 8); }
    }
}

void put(uint buffer_) {
    uint t = gl_LocalInvocationIndex, base = buffer_ * (BM + BN) * STRIDE;
    UNROLL for (uint i = 0; i < PX; i++) {
        uint e = t + i * THREADS;
        if (e < BM * BK / 8) { lds[base + (e / (BK / 8)) * STRIDE + e % (BK / 8)] = nextX[i]; }
    }
    UNROLL for (uint i = 0; i < PW; i++) {
        uint e = t + i * THREADS;
        if (e < BN * BK / 8) { lds[base + (BM + e / (BK / 8)) * STRIDE + e % (BK / 8)] = nextW[i]; }
    }
}

void main() {
    // Workgroups in bands of eight tiles of rows: a band's x and the weights passing by stay in the L2 cache.
    // (Of the whole product, of which a submission may have a part.)
    uint columns = (p.n + BN - 1) / BN, rows = (p.m + BM - 1) / BM, id = gl_WorkGroupID.y * columns + gl_WorkGroupID.x;
    uint band = id / (8 * columns), inBand = min(8, rows - band * 8), within = id - band * 8 * columns;
    uint firstRow = (band * 8 + within % inBand) * BM, firstColumn = (within / inBand) * BN;

    uint subgroup = gl_SubgroupID, wm = (subgroup % (BM / WM)) * WM, wn = (subgroup / (BM / WM)) * WN;
    FRAGMENT_C sum[(WM / 16) * (WN / 16)];
    UNROLL for (uint i = 0; i < (WM / 16) * (WN / 16); i++) { ZERO_C(sum[i]); }

    fetch(firstRow, firstColumn, 0);
    put(0);
    barrier();
    uint current = 0;
    for (uint k0 = 0; k0 < p.k; k0 += BK) {
        bool more = k0 + BK < p.k;
        if (more) { fetch(firstRow, firstColumn, k0 + BK); }
        uint base = current * (BM + BN) * STRIDE;
        UNROLL for (uint kk = 0; kk < BK / 16; kk++) {
            FRAGMENT_A a[WM / 16];
            UNROLL for (uint i = 0; i < WM / 16; i++) { LOAD_A(a[i], base + (wm + i * 16) * STRIDE + kk * 2, STRIDE); }
            UNROLL for (uint j = 0; j < WN / 16; j++) {
                FRAGMENT_B b;
                LOAD_B_COLUMNS(b, base + (BM + wn + j * 16) * STRIDE + kk * 2, STRIDE);
                UNROLL for (uint i = 0; i < WM / 16; i++) { MULADD(sum[i * (WN / 16) + j], a[i], b); }
            }
        }
        if (more) { put(current ^ 1); }
        barrier();
        current ^= 1;
    }

    // The layout of an accumulator is the driver's secret, so it goes through shared memory to meet its bias, gate and residual.
    UNROLL for (uint i = 0; i < WM / 16; i++) {
        UNROLL for (uint j = 0; j < WN / 16; j++) {
            STORE_C(sum[i * (WN / 16) + j], subgroup * 256, 16);
            subgroupMemoryBarrierShared(); subgroupBarrier();
            for (uint e = gl_SubgroupInvocationID; e < 256; e += gl_SubgroupSize) {
                finish(firstRow + wm + i * 16 + e / 16, firstColumn + wn + j * 16 + e % 16, scratch[subgroup * 256 + e]);
            }
            subgroupMemoryBarrierShared(); subgroupBarrier();
        }
    }
}
