/* tests/kit/cliff.h - buffers beside an unmapped page: one byte too far is a crash in any build */
/* Without memory protection (no POSIX) they are exact heap blocks, and a sanitizer has to see.
 * `len` may be 0. Release with the same pointer and length.
 */
#ifndef KIT_CLIFF_H
#define KIT_CLIFF_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

uint8_t *kit_cliff(size_t len);      /* the first byte that is not there: use [p - len, p)  */
uint8_t *kit_ledge(size_t len);      /* the first byte that is there: p[-1] is not          */
void     kit_cliff_free(uint8_t *p, size_t len);
void     kit_ledge_free(uint8_t *p, size_t len);

/* A copy of the bytes that ends at a cliff; returns its first byte. Free with p + len. */
uint8_t *kit_cliff_copy(const void *src, size_t len);

#ifdef __cplusplus
}
#endif
#endif
