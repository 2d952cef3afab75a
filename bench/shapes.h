/* bench/shapes.h - logs of stated shape, made by the kit: what is measured, and why */
#ifndef EVX_BENCH_SHAPES_H
#define EVX_BENCH_SHAPES_H

#include "mklog.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct shape {
    const char *name;
    const char *words;           /* what its records are like                             */
    void (*put)(mk_log *g, uint32_t i);              /* its record number i, from 0       */
} shape;

const shape *shape_at(size_t i);                     /* NULL ends                         */
const shape *shape_named(const char *name);          /* NULL: there is none               */

/*
 * A log of `chunks` full chunks, and one that has been begun. The same bytes each time.
 *
 * g    work memory: keep it off the stack
 * mem  shape_room(chunks) bytes
 *
 * {NULL, 0} when it could not be made: then g->file.failed says why.
 */
mk_bytes shape_make(const shape *s, uint32_t chunks, mk_log *g, uint8_t *mem);
size_t   shape_room(uint32_t chunks);

#ifdef __cplusplus
}
#endif
#endif
