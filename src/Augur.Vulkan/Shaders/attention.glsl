// Operands of attention, on matrix units or not.
layout(push_constant, scalar) uniform Push {
    Floats q; Floats k; Floats v; Floats y; Floats bias; UInts counts;
    uint queries, keys, width, headsPerKeyHead, parts, qStride, kStride, vStride, yStride, biasHeadStride, biasStride;
    uint options;                                      // 1: has a bias, 2: has key counts
    float scale;
} p;
