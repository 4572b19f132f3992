// y = residual + gate ⊙ activation(x Wᵀ + bias), single-precision sums, any sizes. Every output is one fma chain over k = 0 … K−1, whatever the
// tile: bits depend on neither the number of rows nor the tile's shape.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 256;      // BM/TM · BN/TN
layout(constant_id = 1) const uint BM = 64;            // tile of outputs per workgroup
layout(constant_id = 2) const uint BN = 64;
layout(constant_id = 3) const uint TM = 4;             // tile per thread, multiples of 4
layout(constant_id = 4) const uint TN = 4;
layout(constant_id = 5) const uint FORMAT = 0;         // of the weight
layout(constant_id = 6) const uint TX = 0;
layout(constant_id = 7) const uint TY = 0;
layout(constant_id = 8) const bool alignedX = false;   // rows begin on four elements and K (CONV: channels) is a multiple of 4
layout(constant_id = 9) const bool alignedW = false;
layout(constant_id = 10) const uint activation = 0;
const uint BK = 16;
#include "product.glsl"
#include "weights.glsl"

// [k][row], rows in groups of four; one spare group against bank conflicts when storing transposed.
shared vec4 tileX[BK * (BM / 4 + 1)];
shared vec4 tileW[BK * (BN / 4 + 1)];

uint outputColumn(uint tx, uint j) { return (j / 4) * (BN / (TN / 4)) + tx * 4 + (j % 4); }
uint outputRow(uint ty, uint i) { return (i / 4) * (BM / (TM / 4)) + ty * 4 + (i % 4); }

void main() {
    uint t = gl_LocalInvocationIndex, tx = t % (BN / TN), ty = t / (BN / TN);
    uint firstRow = gl_WorkGroupID.y * BM, firstColumn = gl_WorkGroupID.x * BN;

    float sum[TM][TN];
    [[unroll]] for (uint i = 0; i < TM; i++) { [[unroll]] for (uint j = 0; j < TN; j++) { sum[i][j] = 0.0; } }

    for (uint k0 = 0; k0 < p.k; k0 += BK) {
        for (uint e = t; e < BM * BK / 4; e += THREADS) {
            uint row = e / (BK / 4), k4 = (e % (BK / 4)) * 4;
            vec4 v = loadX(firstRow + row, k0 + k4);
            [[unroll]] for (uint i = 0; i < 4; i++) { tileX[(k4 + i) * (BM / 4 + 1) + row / 4][row % 4] = v[i]; }
        }
        for (uint e = t; e < BN * BK / 4; e += THREADS) {
            uint row = e / (BK / 4), k4 = (e % (BK / 4)) * 4;
            vec4 v = loadW(firstColumn + row, k0 + k4);
            [[unroll]] for (uint i = 0; i < 4; i++) { tileW[(k4 + i) * (BN / 4 + 1) + row / 4][row % 4] = v[i]; }
        }
        barrier();
        [[unroll]] for (uint kk = 0; kk < BK; kk++) {
            vec4 a[TM / 4], b[TN / 4];
            [[unroll]] for (uint i = 0; i < TM / 4; i++) { a[i] = tileX[kk * (BM / 4 + 1) + outputRow(ty, i * 4) / 4]; }
            [[unroll]] for (uint j = 0; j < TN / 4; j++) { b[j] = tileW[kk * (BN / 4 + 1) + outputColumn(tx, j * 4) / 4]; }
            [[unroll]] for (uint i = 0; i < TM; i++) {
                [[unroll]] for (uint j = 0; j < TN; j++) { sum[i][j] = fma(a[i / 4][i % 4], b[j / 4][j % 4], sum[i][j]); }
            }
        }
        barrier();
    }

    [[unroll]] for (uint i = 0; i < TM; i++) {
        [[unroll]] for (uint j = 0; j < TN; j++) { finish(firstRow + outputRow(ty, i), firstColumn + outputColumn(tx, j), sum[i][j]); }
    }
}
