// y = [x + gate ⊙] Σ coefficientᵢ · termᵢ over a table of terms that the host wrote: per term an address, then the row stride and type of each,
// then the coefficients, one per term, or per term and entry.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 256;
layout(constant_id = 1) const bool gated = false;
layout(constant_id = 2) const bool onlySingles = true; // every term is Float32
layout(push_constant, scalar) uniform Push {
    Addresses terms; UInts shapes; Floats coefficients; Floats x; Floats gate; Floats y;
    uint rows, columns, count, coefficientsPerTerm, rowsPerEntry, xStride, gateStride, yStride;
} p;

void main() {
    uint count = p.rows * p.columns, step_ = gl_NumWorkGroups.x * THREADS;
    for (uint i = gl_GlobalInvocationID.x; i < count; i += step_) {
        uint row = i / p.columns, c = i % p.columns, entry = row / p.rowsPerEntry;
        float sum = 0.0;
        for (uint k = 0; k < p.count; k++) {
            float factor = p.coefficients.v[p.coefficientsPerTerm > 1 ? k * p.coefficientsPerTerm + entry : k];
            Floats term = Floats(p.terms.v[k]);
            sum = fma(factor, load(onlySingles ? F32 : p.shapes.v[2 * k + 1], term, row * p.shapes.v[2 * k] + c), sum);
        }
        if (gated) {
            precise float product = p.gate.v[entry * p.gateStride + c] * sum;
            precise float y = p.x.v[row * p.xStride + c] + product;
            sum = y;
        }
        p.y.v[row * p.yStride + c] = sum;
    }
}
