// Elements moved as they are, two or four bytes each. OPERATION 0: rows copied between views · 1: y[i] = x[table[i]] · 2: y[table[i]] = x[i] ·
// 3: axes reordered. An index outside the limit reads as 0, writes nothing, and is reported: a fault in a table must not become one of the device.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 256;
layout(constant_id = 1) const uint OPERATION = 0;
layout(constant_id = 2) const bool wide = true;        // four bytes
layout(push_constant, scalar) uniform Push {
    UInts x; UInts y; Ints table; UInts faults;
    uint rows, columns, xStride, yStride;
    uint block, k, entryRows, limit, tableStride;      // rows of an index, indices of an entry, indexed rows of an entry, number of valid indices
    uint extents[6], strides[6];                       // 3: of y, and how far x moves along each
} p;

void move(uint from, uint to, bool inside) {
    if (wide) { p.y.v[to] = inside ? p.x.v[from] : 0u; }
    else { UShorts(p.y).v[to] = inside ? UShorts(p.x).v[from] : uint16_t(0); }
}

void main() {
    uint count = p.rows * p.columns, step_ = gl_NumWorkGroups.x * THREADS;
    for (uint i = gl_GlobalInvocationID.x; i < count; i += step_) {
        if (OPERATION == 3) {
            uint rest = i, from = 0;
            [[unroll]] for (int a = 5; a >= 0; a--) { from += (rest % p.extents[a]) * p.strides[a]; rest /= p.extents[a]; }
            move(from, i, true);
            continue;
        }
        uint row = i / p.columns, c = i % p.columns;
        if (OPERATION == 0) { move(row * p.xStride + c, row * p.yStride + c, true); continue; }
        uint place = row / p.block, entry = place / p.k, index = uint(p.table.v[entry * p.tableStride + place % p.k]);
        uint other = (entry * p.entryRows + index) * p.block + row % p.block;
        bool inside = index < p.limit;
        if (!inside) { p.faults.v[0] = 1u; }
        if (OPERATION == 1) { move(other * p.xStride + c, row * p.yStride + c, inside); }
        else if (inside) { move(row * p.xStride + c, other * p.yStride + c, true); }
    }
}
