/* src/kern/each.h - includes the file EVXI_EACH once for every set that has loops in place */
/*
 * No include guard: that is its purpose. Each time EVXI_SET is the set's name and EVXI_SET_TARGET
 * goes in front of functions that use what it has in kern/inline.h. evx_kernels.place says
 * one of them belongs to a table: EVXI_PLACE_SET.
 */
#define EVXI_SET table
#define EVXI_SET_TARGET
#include EVXI_EACH
#undef EVXI_SET
#undef EVXI_SET_TARGET

#if EVXI_AVX
#define EVXI_SET avx2
#define EVXI_SET_TARGET EVXI_TARGET_AVX2
#include EVXI_EACH
#undef EVXI_SET
#undef EVXI_SET_TARGET

#define EVXI_SET avx512
#define EVXI_SET_TARGET EVXI_TARGET_AVX512
#include EVXI_EACH
#undef EVXI_SET
#undef EVXI_SET_TARGET
#endif

#if EVXI_NEON
#define EVXI_SET neon
#define EVXI_SET_TARGET
#include EVXI_EACH
#undef EVXI_SET
#undef EVXI_SET_TARGET
#endif
