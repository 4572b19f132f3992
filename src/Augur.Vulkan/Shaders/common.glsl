// Shared by every kernel: element types behind device addresses, their conversions, activations.
#extension GL_EXT_buffer_reference : require
#extension GL_EXT_buffer_reference_uvec2 : require
#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_shader_explicit_arithmetic_types : require
#extension GL_EXT_control_flow_attributes : require

layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Floats { float v[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) buffer Float4s { vec4 v[]; };
layout(buffer_reference, scalar, buffer_reference_align = 2) buffer Halfs { float16_t v[]; };
layout(buffer_reference, scalar, buffer_reference_align = 8) buffer Half4s { f16vec4 v[]; };
layout(buffer_reference, scalar, buffer_reference_align = 2) buffer UShorts { uint16_t v[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer UInts { uint v[]; };
layout(buffer_reference, scalar, buffer_reference_align = 8) buffer UInt2s { uvec2 v[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) buffer UInt4s { uvec4 v[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Ints { int v[]; };
layout(buffer_reference, scalar, buffer_reference_align = 8) buffer Addresses { uvec2 v[]; };

// Element types, numbered as the host numbers them.
const uint F32 = 0, F16 = 1, BF16 = 2;

bool isNaN(float x) { return (floatBitsToUint(x) & 0x7fffffffu) > 0x7f800000u; }        // isnan() may be optimised away

// To nearest even, by integers: which way a conversion rounds, and whether small halves become 0, is the driver's affair.
uint toHalf(float value) {
    uint u = floatBitsToUint(value), sign_ = (u >> 16) & 0x8000u, a = u & 0x7fffffffu;
    if (a > 0x7f800000u) { return sign_ | 0x7e00u; }
    if (a >= 0x47800000u) { return sign_ | 0x7c00u; }
    if (a < 0x33000000u) { return sign_; }
    if (a < 0x38800000u) {
        uint m = (a & 0x7fffffu) | 0x800000u, shift = 126u - (a >> 23), r = m >> shift, rest = m & ((1u << shift) - 1u), middle = 1u << (shift - 1u);
        return sign_ | (r + uint(rest > middle || (rest == middle && (r & 1u) != 0u)));
    }
    return sign_ | ((a + 0xfffu + ((a >> 13) & 1u) - 0x38000000u) >> 13);
}

uint toBFloat16(float value) {
    uint u = floatBitsToUint(value);
    return isNaN(value) ? (u >> 16) | 0x40u : (u + 0x7fffu + ((u >> 16) & 1u)) >> 16;
}

float load(uint type, Floats x, uint i) {
    switch (type) {
        case F16: return float(Halfs(x).v[i]);
        case BF16: return uintBitsToFloat(uint(UShorts(x).v[i]) << 16);
        default: return x.v[i];
    }
}

// Four neighbours that begin on a multiple of four, in memory that begins on 16 bytes.
vec4 load4(uint type, Floats x, uint i) {
    switch (type) {
        case F16: return vec4(Half4s(x).v[i / 4]);
        case BF16: {
            uvec2 w = UInt2s(x).v[i / 4];
            return uintBitsToFloat(uvec4(w.x << 16, w.x & 0xffff0000u, w.y << 16, w.y & 0xffff0000u));
        }
        default: return Float4s(x).v[i / 4];
    }
}

void store(uint type, Floats x, uint i, float value) {
    switch (type) {
        case F16: UShorts(x).v[i] = uint16_t(toHalf(value)); break;
        case BF16: UShorts(x).v[i] = uint16_t(toBFloat16(value)); break;
        default: x.v[i] = value; break;
    }
}

// e^x to about one unit in the last place, the same bits on every device: exp() is allowed 3 + 2|x| units, and contraction is forbidden here.
// Polynomial of Cephes' expf. Results below the smallest normal number are 0; NaN stays.
float exactExp(float x) {
    float inside = min(max(x, -87.336548), 88.722839);                                    // a NaN comes out as anything, and is put back below
    precise float n = floor(inside * 1.44269504 + 0.5);
    precise float r = inside - n * 0.693359375;
    precise float t = r - n * -2.12194440e-4;
    precise float q = ((1.9875691500e-4 * t + 1.3981999507e-3) * t + 8.3334519073e-3) * t + 4.1665795894e-2;
    precise float p = (q * t + 1.6666665459e-1) * t + 5.0000001201e-1;
    precise float e = p * t * t + t + 1.0;
    int half_ = int(n) / 2;
    precise float y = e * uintBitsToFloat(uint(half_ + 127) << 23) * uintBitsToFloat(uint(int(n) - half_ + 127) << 23);
    y = x > 88.722839 ? uintBitsToFloat(0x7f800000u) : y;
    y = x < -87.336548 ? 0.0 : y;
    return isNaN(x) ? x : y;
}

// Abramowitz and Stegun 7.1.26: absolute error 1.5e-7; GLSL has no erf.
float erfApproximate(float x) {
    float a = abs(x), t = 1.0 / (1.0 + 0.3275911 * a);
    float p = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    float r = 1.0 - p * exactExp(-a * a);
    return x < 0.0 ? -r : r;
}

// Not tanh(): some drivers build it as a quotient of two exponentials, which is inf/inf for large x.
float tanhSafe(float x) { return 1.0 - 2.0 / (exactExp(2.0 * x) + 1.0); }

float activate(uint kind, float x) {
    switch (kind) {
        case 1: return x / (1.0 + exactExp(-x));                                          // SiLU
        case 2: return 0.5 * x * (1.0 + tanhSafe(0.7978845608 * (x + 0.044715 * x * x * x)));
        case 3: return 0.5 * x * (1.0 + erfApproximate(x * 0.7071067812));
        case 4: return exactExp(x);
        case 5: return x / (1.0 + exactExp(-1.702 * x));                                  // CLIP's GELU
        case 6: return tanhSafe(x);
        default: return x;
    }
}
