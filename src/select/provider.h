/* src/select/provider.h - what provider.c and pass.c share: places, names, what was met */
#ifndef EVXI_PROVIDER_H
#define EVXI_PROVIDER_H

#include "base/le.h"
#include "select/select.h"

enum {                               /* from a record's beginning on                          */
    TOKEN = REC_HEADER + 4, HEAD = TOKEN + 1 + EVXI_INSTANCE_HEAD, FIXED = HEAD + 4,
    LITERAL = 0xff
};

/* A unit as names are compared: as if it were a letter in upper case. */
static inline uint32_t evxi_folded(const uint8_t *unit)
{
    return evxi_le16(unit) & 0xffdf;
}

/* Is this UTF-16 text another one than a word? By letters alone, from the last one on: families of
 * names begin alike. */
static inline bool evxi_differs(const uint8_t *text, uint32_t bytes, const char *ascii, size_t len)
{
    bytes &= ~1u;                    /* half a unit is none                                   */
    if (bytes < 2 * len || (bytes > 2 * len && evxi_le16(text + 2 * len) != 0))
        return true;
    for (; len > 0; len--)
        if (text[2 * len - 1] != 0 || ((text[2 * len - 2] ^ (uint8_t)ascii[len - 1]) & 0xdf) != 0)
            return true;
    return false;
}

/* Text, and another provider's name? */
static inline bool evxi_names_other(const uint8_t *text, uint32_t bytes, const evxi_asking *q)
{
    return bytes >= 2 && evxi_le16(text) != 0 && evxi_differs(text, bytes, q->ascii, q->len);
}

/* In its own id and time, behind the record that was passed over last? */
static inline bool evxi_follows(const evxi_asking *q, uint64_t id, uint64_t time)
{
    return id > q->id && id - q->id == 1 && time >= q->time;
}

/* It is passed over. True. */
static inline bool evxi_pass_over(evxi_asking *q, uint64_t id, uint64_t time)
{
    q->id = id;
    q->time = time;
    return true;
}

static inline const uint8_t *evxi_text_at(const evx_chunk *c, const uint8_t *d,
                                          const evxi_met_text *x)
{
    return (x->slot == LITERAL ? c->base : d) + x->off;
}

/* Nothing but a record of this definition that was met in this run has it. */
static inline uint64_t evxi_met_key(uint32_t run, uint32_t definition)
{
    return (uint64_t)run << 32 | definition;
}

/* Where both are kept of a definition; two that share a place push each other out. */
static inline uint32_t evxi_met_place(uint32_t definition)
{
    return definition * 0x9e3779b1u >> 27;
}

_Static_assert(EVXI_MET == 1 << (32 - 27), "evxi_met_place takes the upper bits");

/* Look at the record's template, if it is a new one, then at the record, which is without damage:
 * certainly another provider's, in the run's order, and whole as far as evxi_locator_read would
 * see? Where it cannot tell at once: false. The first of a run makes its order. */
EVXI_LOCAL bool evxi_meet(evx_reader *t, const evx_chunk *c, const evx_record *r, evxi_asking *q);

#endif
