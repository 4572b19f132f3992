// What the kernels of matrix units need, before anything else.
#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_vote : require
#extension GL_KHR_shader_subgroup_shuffle : require
#if !defined(MMA_EMULATED)
#extension GL_NV_cooperative_matrix : require
#endif

// Fragments live in registers only where loops over them are unrolled. The emulation does not care, and its compile time would explode.
#extension GL_EXT_control_flow_attributes : require
#ifdef MMA_EMULATED
#define UNROLL [[dont_unroll]]
#else
#define UNROLL [[unroll]]
#endif
