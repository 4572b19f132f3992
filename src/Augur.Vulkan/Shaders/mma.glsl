// 16×16×16 products of fp16 fragments into fp32, held by one subgroup. Operands come from the workgroup's `lds` (fp16, eight to a uvec4),
// results go to its `scratch` (fp32). Two implementations behind one set of macros:
//   default       GL_NV_cooperative_matrix, which widely installed compilers know; the host rewrites that SPIR-V to the KHR instructions,
//   MMA_EMULATED  plain arithmetic on the same shared memory, so that tiles, barriers and epilogues are tested without a matrix unit.
// The three type shapes use three different specialisation constants, so that the rewriter can tell A, B and C apart; all are 16.
layout(constant_id = 20) const uint MmaM = 16;
layout(constant_id = 21) const uint MmaN = 16;
layout(constant_id = 22) const uint MmaK = 16;

#if defined(MMA_EMULATED)
// An operand is where it lies. An accumulator is spread over the subgroup: element lane + i · gl_SubgroupSize of row-major 16×16.
struct FragmentIn { uint at, stride; bool transposed; };
struct FragmentC { float e[256 / MMA_SUBGROUP]; };
float ldsHalf(uint at, uint stride, uint row, uint column) {
    return float(unpackFloat2x16(lds[at + row * stride + column / 8][(column % 8) / 2])[column % 2]);
}
#define FRAGMENT_A FragmentIn
#define FRAGMENT_B FragmentIn
#define FRAGMENT_C FragmentC
#define LOAD_A(f, at_, stride_) f = FragmentIn(at_, stride_, false)
#define LOAD_B_ROWS(f, at_, stride_) f = FragmentIn(at_, stride_, false)
#define LOAD_B_COLUMNS(f, at_, stride_) f = FragmentIn(at_, stride_, true)
#define EACH(i_) [[dont_unroll]] for (uint i_ = 0; i_ < 256 / MMA_SUBGROUP; i_++)
#define ELEMENT(i_) (gl_SubgroupInvocationID + (i_) * MMA_SUBGROUP)
#define ZERO_C(c) EACH(z_) { c.e[z_] = 0.0; }
#define MULADD(c, a, b) EACH(z_) { uint e_ = ELEMENT(z_); [[unroll]] for (uint k_ = 0; k_ < 16; k_++) { \
    float b_ = b.transposed ? ldsHalf(b.at, b.stride, e_ % 16, k_) : ldsHalf(b.at, b.stride, k_, e_ % 16); \
    c.e[z_] = fma(ldsHalf(a.at, a.stride, e_ / 16, k_), b_, c.e[z_]); } }
#define STORE_C(c, at_, stride_) EACH(z_) { uint e_ = ELEMENT(z_); scratch[(at_) + (e_ / 16) * (stride_) + e_ % 16] = c.e[z_]; }
#define LOAD_C(c, at_, stride_) EACH(z_) { uint e_ = ELEMENT(z_); c.e[z_] = scratch[(at_) + (e_ / 16) * (stride_) + e_ % 16]; }
#define SCALE_C(c, f) EACH(z_) { c.e[z_] *= f.e[z_]; }
#else
#define FRAGMENT_A fcoopmatNV<16, gl_ScopeSubgroup, MmaM, MmaK>
#define FRAGMENT_B fcoopmatNV<16, gl_ScopeSubgroup, MmaK, MmaN>
#define FRAGMENT_C fcoopmatNV<32, gl_ScopeSubgroup, MmaM, MmaN>
#define LOAD_A(f, at, stride) coopMatLoadNV(f, lds, at, stride, false)
#define LOAD_B_ROWS(f, at, stride) coopMatLoadNV(f, lds, at, stride, false)
#define LOAD_B_COLUMNS(f, at, stride) coopMatLoadNV(f, lds, at, stride, true)
#define ZERO_C(c) c = FRAGMENT_C(0.0)
#define MULADD(c, a, b) c = coopMatMulAddNV(a, b, c)
#define STORE_C(c, at, stride) coopMatStoreNV(c, scratch, at, stride, false)
#define LOAD_C(c, at, stride) coopMatLoadNV(c, scratch, at, stride, false)
#define SCALE_C(c, f) for (int z_ = 0; z_ < c.length(); z_++) { c[z_] *= f[z_]; }
#endif

// To nearest even by the conversion (packHalf2x16 may round otherwise); beyond 65504 becomes infinity.
uvec2 packHalf4(vec4 v) { f16vec4 h = f16vec4(v); return uvec2(packFloat2x16(h.xy), packFloat2x16(h.zw)); }
