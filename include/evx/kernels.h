/* include/evx/kernels.h - pick or list instruction-set kernels */
#ifndef EVX_KERNELS_H
#define EVX_KERNELS_H

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A set of inner loops for one family of processors. Constant, shared, never freed. */
typedef struct evx_kernels evx_kernels;

/* The best set this processor runs. Chosen anew at each call: keep the result. Never NULL. */
EVX_API const evx_kernels *evx_kernels_best(void);

/* The i-th set this processor runs; 0 is the portable one, which defines the results of all
 * others; NULL past the last. */
EVX_API const evx_kernels *evx_kernels_at(size_t i);

/* A set's name, such as "portable". Static. */
EVX_API const char *evx_kernels_name(const evx_kernels *k);

#ifdef __cplusplus
}
#endif

#endif
