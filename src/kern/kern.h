/* src/kern/kern.h - the table a kernel set fills, and the contract of each entry */
#ifndef EVXI_KERN_H
#define EVXI_KERN_H

#include "base/defs.h"
#include "evx/kernels.h"

/* What a UTF-16 prefix kernel may copy as it stands. */
enum { EVXI_PLAIN_XML = 0, EVXI_PLAIN_ATTRIBUTE = 1, EVXI_PLAIN_JSON = 2 };

struct evx_kernels {
    const char *name;

    /* CRC-32 (IEEE, reflected) of len bytes, continuing from crc; 0 begins. */
    uint32_t (*crc32)(uint32_t crc, const uint8_t *p, size_t len);

    /*
     * Narrow the leading plain units of a UTF-16LE string: ASCII that needs no escape where it
     * goes (`plain`). Writes at most `units` bytes to out; returns how many units were taken.
     */
    uint32_t (*narrow)(uint8_t *out, const uint8_t *utf16, uint32_t units, unsigned plain);

    /*
     * The first position p in [at, end), stepping by 8, whose four bytes are a record's signature;
     * end when there is none. Needs 4 readable bytes at every position below end.
     */
    uint32_t (*find_record)(const uint8_t *base, uint32_t at, uint32_t end);
};

EVXI_LOCAL extern const evx_kernels evxi_kernels_portable;

#endif
