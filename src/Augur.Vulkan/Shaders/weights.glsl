// Four neighbouring weights of one output, zero outside the matrix; p.w begins on two bytes, p.k is the length of a row. FORMAT 0 to 2 are the
// element types, 16 + i the quantised formats as the host numbers them. Blocks are read as they lie in the file, two bytes at a time (their sizes
// are even), and widened to the bits that ggml gives: each product and difference rounded by itself.
const uint Q4_0 = 16, Q4_1 = 17, Q5_0 = 18, Q5_1 = 19, Q8_0 = 20, Q2_K = 21, Q3_K = 22, Q4_K = 23, Q5_K = 24, Q6_K = 25, IQ4_NL = 26, IQ4_XS = 27;
const uint F8_E4M3 = 28, F8_E5M2 = 29;
const float FourBitValues[16] = float[](-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

uint short_(uint at) { return uint(UShorts(p.w).v[at / 2]); }                             // at is even
uint word_(uint at) { return short_(at) | short_(at + 2) << 16; }
uint byte_(uint at) { return (uint(UShorts(p.w).v[at / 2]) >> (8 * (at & 1))) & 255; }
float half_(uint at) { return float(Halfs(p.w).v[at / 2]); }
uvec4 bytes_(uint w) { return uvec4(w, w >> 8, w >> 16, w >> 24) & 255; }
vec4 nibbles(uint w, uint upper) { return vec4((bytes_(w) >> (4 * upper)) & 15); }
vec4 bits(uint w, uint at) { return vec4((uvec4(w) >> (uvec4(0, 1, 2, 3) + at)) & 1); }
vec4 named(vec4 q) { return vec4(FourBitValues[uint(q.x)], FourBitValues[uint(q.y)], FourBitValues[uint(q.z)], FourBitValues[uint(q.w)]); }
float signed_(uint b) { return float(int(b << 24) >> 24); }

vec4 scaled(vec4 q, float d) { precise vec4 r = q * d; return r; }
vec4 scaled(vec4 q, float d, float m) { precise vec4 a = q * d; precise vec4 r = a + m; return r; }

// Q4_K and Q5_K: d, dmin, and eight pairs of 6-bit scale and minimum in 12 bytes.
vec4 withMinimum(uint block, uint part, vec4 q) {
    uint s = block + 4, scale, minimum;
    if (part < 4) { scale = byte_(s + part) & 63; minimum = byte_(s + part + 4) & 63; }
    else {
        uint both = byte_(s + part + 4);
        scale = (both & 15) | (byte_(s + part - 4) >> 6) << 4; minimum = (both >> 4) | (byte_(s + part) >> 6) << 4;
    }
    precise float d = half_(block) * float(scale);
    precise float m = half_(block + 2) * float(minimum);
    return scaled(q, d, -m);
}

float float8(uint b) {
    if (FORMAT == F8_E5M2) { return unpackFloat2x16(b << 8).x; }
    uint sign_ = (b & 128) << 24, exponent = (b >> 3) & 15, fraction = b & 7;
    if ((b & 127) == 127) { return uintBitsToFloat(0x7fc00000u); }
    if (exponent == 0) { return uintBitsToFloat(floatBitsToUint(float(fraction) * 0.001953125) | sign_); }
    return uintBitsToFloat(sign_ | (exponent + 120) << 23 | fraction << 20);
}

// Number k, a multiple of four, of a block that begins at a byte.
vec4 blockOf32(uint b, uint k) {
    uint upper = k / 16, low = k % 16;
    switch (FORMAT) {
        case Q4_0: return scaled(nibbles(word_(b + 2 + low), upper) - 8.0, half_(b));
        case Q4_1: return scaled(nibbles(word_(b + 4 + low), upper), half_(b), half_(b + 2));
        case Q5_0: return scaled(nibbles(word_(b + 6 + low), upper) + 16.0 * bits(word_(b + 2), k) - 16.0, half_(b));
        case Q5_1: return scaled(nibbles(word_(b + 8 + low), upper) + 16.0 * bits(word_(b + 4), k), half_(b), half_(b + 2));
        case IQ4_NL: return scaled(named(nibbles(word_(b + 2 + low), upper)), half_(b));
        default: {                                                                        // Q8_0
            uvec4 q = bytes_(word_(b + 2 + k));
            return scaled(vec4(signed_(q.x), signed_(q.y), signed_(q.z), signed_(q.w)), half_(b));
        }
    }
}

vec4 blockOf256(uint b, uint k) {
    switch (FORMAT) {
        case Q2_K: {
            vec4 q = vec4((bytes_(word_(b + 16 + k / 128 * 32 + k % 32)) >> (k / 32 % 4 * 2)) & 3);
            uint s = byte_(b + k / 16);
            precise float d = half_(b + 80) * float(s & 15);
            precise float m = half_(b + 82) * float(s >> 4);
            return scaled(q, d, -m);
        }
        case Q3_K: {
            vec4 low = vec4((bytes_(word_(b + 32 + k / 128 * 32 + k % 32)) >> (k / 32 % 4 * 2)) & 3);
            vec4 high = vec4((bytes_(word_(b + k % 32)) >> (k / 32)) & 1);
            uint group = k / 16, s = b + 96;
            uint scale = ((byte_(s + group % 8) >> (4 * (group / 8))) & 15) | ((byte_(s + 8 + group % 4) >> (group / 4 * 2)) & 3) << 4;
            precise float d = half_(b + 108) * (float(scale) - 32.0);
            return scaled(low + 4.0 * high - 4.0, d);
        }
        case Q4_K: return withMinimum(b, k / 32, nibbles(word_(b + 16 + k / 64 * 32 + k % 32), k / 32 % 2));
        case Q5_K: {
            vec4 high = vec4((bytes_(word_(b + 16 + k % 32)) >> (k / 32)) & 1);
            return withMinimum(b, k / 32, nibbles(word_(b + 48 + k / 64 * 32 + k % 32), k / 32 % 2) + 16.0 * high);
        }
        case Q6_K: {
            uint part = k / 32 % 4;
            vec4 low = nibbles(word_(b + k / 128 * 64 + part % 2 * 32 + k % 32), part / 2);
            vec4 high = vec4((bytes_(word_(b + 128 + k / 128 * 32 + k % 32)) >> (2 * part)) & 3);
            precise float d = half_(b + 208) * signed_(byte_(b + 192 + k / 16));
            return scaled(low + 16.0 * high - 32.0, d);
        }
        default: {                                                                        // IQ4_XS
            uint group = k / 32, scale = ((byte_(b + 4 + group / 2) >> (4 * (group % 2))) & 15) | ((short_(b + 2) >> (2 * group)) & 3) << 4;
            precise float d = half_(b) * (float(scale) - 32.0);
            return scaled(named(nibbles(word_(b + 8 + group * 16 + k % 16), k / 16 % 2)), d);
        }
    }
}

uint blockBytes() {
    switch (FORMAT) {
        case Q4_0: case IQ4_NL: return 18;
        case Q4_1: return 20;
        case Q5_0: return 22;
        case Q5_1: return 24;
        case Q8_0: return 34;
        case Q2_K: return 84;
        case Q3_K: return 110;
        case Q4_K: return 144;
        case Q5_K: return 176;
        case Q6_K: return 210;
        default: return 136;
    }
}

vec4 loadW(uint row, uint k) {
    vec4 r = vec4(0);
    if (row >= p.n || k >= p.k) { return r; }
    if (FORMAT >= F8_E4M3) {
        float scale = p.scales.v[row];
        [[unroll]] for (uint i = 0; i < 4; i++) {
            if (k + i < p.k) { precise float v = float8(byte_((row + p.firstOutput) * p.k + k + i)) * scale; r[i] = v; }
        }
        return r;
    }
    if (FORMAT >= Q2_K && FORMAT != IQ4_NL) { return blockOf256((row * (p.k / 256) + k / 256) * blockBytes(), k % 256); }
    if (FORMAT >= Q4_0) { return blockOf32((row * (p.k / 32) + k / 32) * blockBytes(), k % 32); }
    uint at = row * p.k + k;
    if (alignedW) { return load4(FORMAT, Floats(p.w), at); }
    [[unroll]] for (uint i = 0; i < 4; i++) { if (k + i < p.k) { r[i] = load(FORMAT, Floats(p.w), at + i); } }
    return r;
}
