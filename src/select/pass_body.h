/* src/select/pass_body.h - the loop over records that are like the one before, for each set */
#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define EQUAL PASTE(evxi_equal_, EVXI_SET)
#define HALVES PASTE(evxi_halves_, EVXI_SET)
#define REST PASTE(rest_, EVXI_SET)
#define IS_TEXT PASTE(is_text_, EVXI_SET)
#define IS_LIKE PASTE(is_like_, EVXI_SET)
#define PASS PASTE(pass_, EVXI_SET)

/* The text of the run, to the byte? A literal was compared before. */
EVXI_SET_TARGET static inline bool IS_TEXT(const uint8_t *d, const evxi_met_text *x,
                                           const evx_text_view *of_run)
{
    return x->slot == LITERAL
        || (x->len == of_run->len && EQUAL(d + x->off, of_run->ptr, of_run->len));
}

/* The sizes of the values behind the first ones: mostly there is one, the event's data. */
EVXI_SET_TARGET static inline uint32_t REST(const uint8_t *descriptors, uint32_t count)
{
    return EVXI_LIKELY(count == 1) ? evxi_le16(descriptors) : HALVES(descriptors, count);
}

/* Of a template that was met in this run: is the record of `size` bytes at p, from its body to its
 * descriptors, the one that was looked at last, and so are its values, as far as they must be? */
EVXI_SET_TARGET static inline bool IS_LIKE(const evx_chunk *c, const uint8_t *p, uint32_t size,
                                           evxi_asking *q)
{
    uint32_t definition = size < FIXED ? 0 : evxi_le32(p + TOKEN + 6);
    const evxi_met *m = evxi_met_at(q, definition);
    const uint8_t *d = p + FIXED;

    return m->run == q->run && m->definition == definition && c->base + definition != p + HEAD
        && size >= m->least && EQUAL(p + REC_HEADER, c->base + m->like, m->same)
        && m->end + REST(d + EVXI_DESCRIPTOR * (size_t)m->last, m->others)
               <= size - FIXED - REC_COPY
        && evxi_follows(q, evxi_le64(d + m->id_off), evxi_le64(d + m->time_off))
        && (m->other || evxi_names_other(d + m->provider.off, m->provider.len, q))
        && IS_TEXT(d, &m->computer, &q->computer) && IS_TEXT(d, &m->channel, &q->channel)
        && evxi_pass_over(q, evxi_le64(d + m->id_off), evxi_le64(d + m->time_off));
}

/* Behind the first one of a run: sound records, each behind its predecessor in id and time, by its
 * header and by itself. */
EVXI_SET_TARGET static void PASS(evx_reader *t, evx_records *it, evx_ledger *l, evxi_asking *q,
                                 evx_passed *out)
{
    const evx_chunk *c = it->chunk;
    uint64_t id = l->last_id, written = l->last_written, next;
    uint32_t count = 0, at = it->pos, end = it->end, last = at, size;

    while (at < end && (size = evxi_sound_size(c->base, at, end)) != 0) {
        const uint8_t *p = c->base + at;
        next = evxi_le64(p + REC_ID);
        if (next <= id || next - id != 1 || evxi_le64(p + REC_WRITTEN) < written
            || !(EVXI_LIKELY(IS_LIKE(c, p, size, q)) || is_other(t, c, at, size, q)))
            break;
        id = next;
        written = evxi_le64(p + REC_WRITTEN);
        last = at;
        at += size;
        count++;
    }
    if (count > 0)
        take(it, l, out, last, at - last, count);
}

#undef PASTE_
#undef PASTE
#undef EQUAL
#undef HALVES
#undef REST
#undef IS_TEXT
#undef IS_LIKE
#undef PASS
