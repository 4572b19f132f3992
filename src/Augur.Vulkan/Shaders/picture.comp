// Dense pictures [batch, height, width, channels]. OPERATION 0: each pixel two times in both directions · 1: largest under a window, NaN stays ·
// 2: mean of the places inside the picture · 3: mean of all places of the window.
#version 460
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"
layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 256;
layout(constant_id = 1) const uint OPERATION = 0;
layout(push_constant, scalar) uniform Push {
    Floats x; Floats y;
    uint count, height, width, channels, outHeight, outWidth, windowHeight, windowWidth, stride, top, left;
} p;

void main() {
    uint step_ = gl_NumWorkGroups.x * THREADS;
    for (uint i = gl_GlobalInvocationID.x; i < p.count; i += step_) {
        uint channel = i % p.channels, place = i / p.channels, column = place % p.outWidth, row = place / p.outWidth % p.outHeight;
        uint picture = place / p.outWidth / p.outHeight * p.height;
        if (OPERATION == 0) { p.y.v[i] = p.x.v[((picture + row / 2) * p.width + column / 2) * p.channels + channel]; continue; }
        float result = OPERATION == 1 ? uintBitsToFloat(0xff800000u) : 0.0, inside = 0.0;
        for (uint r = 0; r < p.windowHeight; r++) {
            for (uint c = 0; c < p.windowWidth; c++) {
                int yy = int(row * p.stride + r) - int(p.top), xx = int(column * p.stride + c) - int(p.left);
                if (yy < 0 || yy >= int(p.height) || xx < 0 || xx >= int(p.width)) { continue; }
                float v = p.x.v[((picture + uint(yy)) * p.width + uint(xx)) * p.channels + channel];
                if (OPERATION == 1) { if (!isNaN(result) && (isNaN(v) || v > result)) { result = v; } }
                else { result += v; inside += 1.0; }
            }
        }
        p.y.v[i] = OPERATION == 1 ? result : result / (OPERATION == 2 ? inside : float(p.windowHeight * p.windowWidth));
    }
}
