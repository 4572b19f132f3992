// What all products share: operands, and what happens to a sum before it is stored. CONV: x is pictures, a row is a patch.
layout(push_constant, scalar) uniform Push {
    Floats x; UShorts w; Floats scales; Floats bias; Floats y; Floats gate; Floats residual;
    uint m, n, k, xStride, yStride, firstOutput;
    uint finish;                                       // types of gate and residual << 4 | has bias, gate, residual << 8, 9, 10
#ifdef CONV
    uint height, width, channels, outWidth, outHeight, kernelWidth, stride, padding;      // padding: top << 16 | left
#else
    uint residualStride, gateStride, rowsPerEntry, bands;
#endif
} p;

void finish(uint row, uint column, float v) {
    if (row >= p.m || column >= p.n) { return; }
    if ((p.finish & 0x100) != 0) { v += p.bias.v[column]; }
    v = activate(activation, v);
#ifndef CONV
    if ((p.finish & 0x200) != 0) { v *= load(p.finish & 15, p.gate, (row / p.rowsPerEntry) * p.gateStride + column); }
    if ((p.finish & 0x400) != 0) { v += load((p.finish >> 4) & 15, p.residual, row * p.residualStride + column); }
#endif
    store(TY, p.y, row * p.yStride + column, v);
}

// Four neighbouring inputs of a row; k is a multiple of four.
vec4 loadX(uint row, uint k) {
    vec4 r = vec4(0);
    if (row >= p.m || k >= p.k) { return r; }
#ifdef CONV
    uint outColumn = row % p.outWidth, rest = row / p.outWidth, outRow = rest % p.outHeight, picture = rest / p.outHeight * p.height;
    int top = int(outRow * p.stride) - int(p.padding >> 16), left = int(outColumn * p.stride) - int(p.padding & 0xffff);
    [[unroll]] for (uint i = 0; i < 4; i++) {
        uint kk = k + i;
        if (kk >= p.k) { break; }
        uint tap = kk / p.channels, channel = kk % p.channels;                            // channels fastest
        int yy = top + int(tap / p.kernelWidth), xx = left + int(tap % p.kernelWidth);
        bool inside = yy >= 0 && yy < int(p.height) && xx >= 0 && xx < int(p.width);
        uint at = ((picture + uint(yy)) * p.width + uint(xx)) * p.channels + channel;
        if (alignedX) { return inside ? load4(TX, p.x, at) : vec4(0); }
        r[i] = inside ? load(TX, p.x, at) : 0.0;
    }
    return r;
#else
    uint at = row * p.xStride + k;
    if (alignedX) { return load4(TX, p.x, at); }
    [[unroll]] for (uint i = 0; i < 4; i++) { if (k + i < p.k) { r[i] = load(TX, p.x, at + i); } }
    return r;
#endif
}
