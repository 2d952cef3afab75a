/* src/text/run.c - literals and holes -> text */
#include "base/utf.h"
#include "kern/inline.h"
#include "text/program.h"

/*
 * Nothing can fail here: the record was matched, its values lie in the chunk, and there is room for
 * the bound. Literals are copied in steps of 64 bytes, over what follows them.
 */
enum { STEP = 64, SLACK = EVXI_DIGITS_MAX + STEP };

_Static_assert((int)SLACK >= (int)EVXI_TRANSCODE_SLACK, "of the last string");

uint64_t evxi_program_bound(const evxi_program *p, const evxi_match *m)
{
    uint64_t bound = p->fixed + (uint64_t)SLACK;

    if (p->once)                     /* then all values together are no longer than the record */
        return bound + (uint64_t)p->most * m->bytes;
    for (uint32_t i = 0; i < p->growth_count; i++)
        bound += (uint64_t)p->growth[i].factor * evxi_len(m, p->growth[i].slot);
    return bound;
}

/* ---- what is worth no place in the loop ----------------------------------------------------- */

/* A string from unit `i` on, where a kernel has stopped: at its terminator, mostly. */
static uint8_t *rest_of(uint8_t *to, const evx_kernels *k, const uint8_t *p, uint32_t units,
                        uint32_t i, unsigned mode)
{
    while (i < units && evxi_le16(p + 2 * (size_t)i) != 0) {
        to = evxi_few_chars(to, p, units, &i, mode, true);
        i += k->transcode(&to, p + 2 * (size_t)i, units - i, mode);
    }
    return to;
}

static uint8_t *ansi(uint8_t *to, const evx_text_config *c, const uint8_t *p, uint32_t len,
                     unsigned mode)
{
    evxi_sink s = { to, to + 6 * (size_t)len + EVXI_TRANSCODE_SLACK, 0, UINT64_MAX, NULL };

    evxi_put_ansi(&s, c->kernels, c->ansi, p, len, mode);
    return s.at;
}

static uint8_t *seldom(uint8_t *to, const evxi_op *op, const uint8_t *p, uint32_t len,
                       const evx_text *t, evxi_day *day)
{
    evx_value v = { { p, len }, op->type };

    if (op->kind == OP_BYTES)
        return evxi_digits_bytes(to, p, len);
    if (op->kind == OP_FIXED)
        return evxi_format(to, &v, t->config.style, day);
    return ansi(to, &t->config, p, len, op->kind - (unsigned)OP_ANSI_XML);
}

/* ---- the loop, for each set ----------------------------------------------------------------- */

#define evxi_guid_table evxi_digits_guid
#define evxi_hex_table evxi_digits_hex
#define EVXI_EACH "text/run_body.h"
#include "kern/each.h"

uint8_t *evxi_program_run(const evxi_program *p, const evxi_match *m, const evx_text *t,
                          evxi_day *day, uint8_t *to)
{
#if EVXI_AVX
    if (t->config.kernels->place == EVXI_PLACE_AVX512)
        return run_avx512(p, m, t, day, to);
    if (t->config.kernels->place == EVXI_PLACE_AVX2)
        return run_avx2(p, m, t, day, to);
#endif
#if EVXI_NEON
    if (t->config.kernels->place == EVXI_PLACE_NEON)
        return run_neon(p, m, t, day, to);
#endif
    return run_table(p, m, t, day, to);
}
