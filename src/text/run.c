/* src/text/run.c - literals and holes -> text */
#include "base/utf.h"
#include "text/program.h"

/*
 * Nothing can fail here: the record was matched, its values lie in the chunk, and there is room for
 * the bound. Literals are copied in steps of 32 bytes, over what follows them.
 */
enum { STEP = 32, SLACK = EVXI_DIGITS_MAX + STEP };

_Static_assert((int)SLACK >= (int)EVXI_TRANSCODE_SLACK, "of the last string");

uint64_t evxi_program_bound(const evxi_program *p, const evxi_match *m)
{
    uint64_t bound = p->fixed + (uint64_t)SLACK;

    for (uint32_t i = 0; i < p->growth_count; i++)
        bound += (uint64_t)p->growth[i].factor * m->len[p->growth[i].slot];
    return bound;
}

static uint8_t *copy(uint8_t *to, const uint8_t *from, uint32_t len)
{
    memcpy(to, from, STEP);
    for (uint32_t at = STEP; at < len; at += STEP)
        memcpy(to + at, from + at, STEP);
    return to + len;
}

/* Units that no kernel takes, one at a time. */
static uint8_t *put_unit(uint8_t *to, const uint8_t *p, uint32_t units, uint32_t *i, unsigned mode)
{
    evxi_sink s = { to, to + 8, 0, UINT64_MAX, NULL };

    evxi_put_char(&s, evxi_utf16_next(p, units, i), mode);
    return s.at;
}

static uint8_t *utf16(uint8_t *to, const evx_kernels *k, const uint8_t *p, uint32_t units,
                      unsigned mode)
{
    uint32_t i = 0;

    while (i < units) {
        i += k->transcode(&to, p + 2 * (size_t)i, units - i, mode);
        if (i == units || evxi_le16(p + 2 * (size_t)i) == 0)
            break;
        to = put_unit(to, p, units, &i, mode);
    }
    return to;
}

static uint8_t *ansi(uint8_t *to, const uint16_t *page, const uint8_t *p, uint32_t len,
                     unsigned mode)
{
    evxi_sink s = { to, to + 6 * (size_t)len, 0, UINT64_MAX, NULL };

    evxi_put_ansi(&s, page, p, len, mode);
    return s.at;
}

static uint8_t *fixed(uint8_t *to, const uint8_t *p, uint32_t len, uint8_t type, uint32_t style,
                      evxi_day *day)
{
    evx_value v = { { p, len }, type };

    return evxi_format(to, &v, style, day);
}

uint8_t *evxi_program_run(const evxi_program *p, const evxi_match *m, const evx_text *t,
                          evxi_day *day, uint8_t *to)
{
    const uint8_t *literal = p->literals, *base = m->chunk->base;

    for (const evxi_op *op = p->ops;; op++) {
        const uint8_t *v = base + m->off[op->slot];
        uint32_t len = m->len[op->slot];

        to = copy(to, literal, op->literal);
        literal += op->literal;
        switch (op->kind) {
        case OP_END:
            return to;
        case OP_UTF16_XML: case OP_UTF16_ATTRIBUTE: case OP_UTF16_JSON:
            to = utf16(to, t->config.kernels, v, len / 2, op->kind - (unsigned)OP_UTF16_XML);
            break;
        case OP_ANSI_XML: case OP_ANSI_ATTRIBUTE: case OP_ANSI_JSON:
            to = ansi(to, t->config.ansi, v, len, op->kind - (unsigned)OP_ANSI_XML);
            break;
        case OP_U8:
            to = evxi_digits_u64(to, v[0]);
            break;
        case OP_U16:
            to = evxi_digits_u64(to, evxi_le16(v));
            break;
        case OP_U32:
            to = evxi_digits_u64(to, evxi_le32(v));
            break;
        case OP_U64:
            to = evxi_digits_u64(to, evxi_le64(v));
            break;
        case OP_HEX32:
            to = evxi_digits_hex(to, evxi_le32(v));
            break;
        case OP_HEX64:
            to = evxi_digits_hex(to, evxi_le64(v));
            break;
        case OP_FILETIME:
            to = evxi_digits_filetime(to, evxi_le64(v), false, day);
            break;
        case OP_GUID:
            to = evxi_digits_guid(to, v);
            break;
        case OP_SID:
            to = evxi_digits_sid(to, v, 0, evxi_sid_count(v, len));
            break;
        case OP_BYTES:
            to = evxi_digits_bytes(to, v, len);
            break;
        default:
            to = fixed(to, v, len, op->type, t->config.style, day);
            break;
        }
    }
}
