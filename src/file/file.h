/* src/file/file.h - what other rooms may ask of this one */
#ifndef EVXI_FILE_H
#define EVXI_FILE_H

#include "base/defs.h"
#include "evx/chunk.h"
#include "file/layout.h"

/* Where a record's binary XML stands: bytes from the start of the chunk, begin <= end. */
EVXI_LOCAL void evxi_record_body(const evx_chunk *c, const evx_record *r,
                                 uint32_t *begin, uint32_t *end);

/* What tells a chunk from another one in the same memory: its header's two checksums, and the end
 * of its records. */
EVXI_LOCAL uint64_t evxi_chunk_mark(const evx_chunk *c);

#endif
