// Divided differences along the calls: new₀ = feature, newᵢ₊₁ = (newᵢ − oldᵢ) / gap, over a table of differences as in combine.comp.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 256;
layout(push_constant, scalar) uniform Push { Addresses terms; UInts shapes; Floats x; uint rows, columns, xStride, known, valid; float gap; } p;
#include "double.glsl"

// Rounded as IEEE division is: a device may be 2.5 units off, so the quotient is corrected by its exact remainder.
float divide(float a, float b) {
    float q = a / b;
    float largest = max(abs(a), max(abs(b), abs(q))), least = min(abs(q), min(abs(a), abs(b)));
    if (!(largest < 1e30) || !(least > 1e-25)) { return q; }                              // where the remainder could overflow or vanish
    Twofold product = times(q, b);
    return add_(q, sub_(sub_(a, product.h), product.l) / b);
}

void main() {
    uint count = p.rows * p.columns, step_ = gl_NumWorkGroups.x * THREADS;
    for (uint i = gl_GlobalInvocationID.x; i < count; i += step_) {
        uint row = i / p.columns, c = i % p.columns;
        float next = p.x.v[row * p.xStride + c];
        for (uint k = 0; k < p.valid; k++) {
            Floats term = Floats(p.terms.v[k]);
            uint at = row * p.shapes.v[2 * k] + c, type = p.shapes.v[2 * k + 1];
            float old = k < p.known ? load(type, term, at) : 0.0;
            store(type, term, at, next);
            if (k + 1 < p.valid) {
                next = divide(sub_(next, old), p.gap);
            }
        }
    }
}
