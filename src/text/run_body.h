/* src/text/run_body.h - the loop over a program's operations, for each set of kern/each.h */
#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define RUN PASTE(run_, EVXI_SET)
#define UTF16 PASTE(utf16_, EVXI_SET)
#define COPY PASTE(evxi_copy_, EVXI_SET)
#define TEXT PASTE(evxi_text_, EVXI_SET)
#define GUID PASTE(evxi_guid_, EVXI_SET)
#define HEX PASTE(evxi_hex_, EVXI_SET)

EVXI_SET_TARGET static inline uint8_t *UTF16(uint8_t *to, const evx_kernels *k, const uint8_t *p,
                                             uint32_t units, unsigned mode)
{
    uint32_t n = TEXT(k, &to, p, units, mode);

    return EVXI_LIKELY(n == units) ? to : rest_of(to, k, p, units, n, mode);
}

EVXI_SET_TARGET static uint8_t *RUN(const evxi_program *p, const evxi_match *m, const evx_text *t,
                                    evxi_day *day, uint8_t *to)
{
    const evxi_part *part = p->head ? p->head : &p->own;
    const uint8_t *literal = part->literals, *base = m->chunk->base;
    const evx_kernels *k = t->config.kernels;

    for (const evxi_op *op = part->ops;;) {
        const uint8_t *v = base + evxi_off(m, op->slot);
        uint32_t len = evxi_len(m, op->slot);

        to = COPY(to, literal, op->literal);
        literal += op->literal;
        switch (op++->kind) {
        case OP_END:
            if (part == &p->own)
                return to;
            part = &p->own;          /* behind the head */
            literal = part->literals;
            op = part->ops;
            break;
        case OP_UTF16_XML:
            to = UTF16(to, k, v, len / 2, MODE_XML);
            break;
        case OP_UTF16_ATTRIBUTE:
            to = UTF16(to, k, v, len / 2, MODE_ATTRIBUTE);
            break;
        case OP_UTF16_JSON:
            to = UTF16(to, k, v, len / 2, MODE_JSON);
            break;
        case OP_U8:
            to = evxi_digits_few(to, v[0]);
            break;
        case OP_U16:
            to = evxi_digits_some(to, evxi_le16(v));
            break;
        case OP_U32:
            to = evxi_digits_u64(to, evxi_le32(v));
            break;
        case OP_U64:
            to = evxi_digits_u64(to, evxi_le64(v));
            break;
        case OP_HEX32:
            to = HEX(to, evxi_le32(v));
            break;
        case OP_HEX64:
            to = HEX(to, evxi_le64(v));
            break;
        case OP_FILETIME:
            to = evxi_digits_filetime(to, evxi_le64(v), false, day);
            break;
        case OP_GUID:
            to = GUID(to, v);
            break;
        case OP_SID:
            to = evxi_digits_sid(to, v, 0, evxi_sid_count(v, len));
            break;
        default:
            to = seldom(to, op - 1, v, len, t, day);
            break;
        }
    }
}

#undef PASTE_
#undef PASTE
#undef RUN
#undef UTF16
#undef COPY
#undef TEXT
#undef GUID
#undef HEX
