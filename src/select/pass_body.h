/* src/select/pass_body.h - the loop over records that are like the one before, for each set */
#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define EQUAL PASTE(evxi_equal_, EVXI_SET)
#define HALVES PASTE(evxi_halves_, EVXI_SET)
#define REST PASTE(rest_, EVXI_SET)
#define IS_TEXT PASTE(is_text_, EVXI_SET)
#define HAS_TEXTS PASTE(has_texts_, EVXI_SET)
#define LIKE PASTE(like_, EVXI_SET)
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

/* Its text, as far as it has to be looked at. */
EVXI_SET_TARGET static inline bool HAS_TEXTS(const uint8_t *d, const evxi_met *m,
                                             const evxi_asking *q)
{
    return (m->other || evxi_names_other(d + m->provider.off, m->provider.len, q))
        && IS_TEXT(d, &m->computer, &q->computer) && IS_TEXT(d, &m->channel, &q->channel);
}

/*
 * Is the record at `at` a sound one of a template that was met in this run, from its body to its
 * descriptors the one that was looked at last, and so are its values, as far as they must be? Then
 * its size; else 0, and nothing is known of it. `x` goes on to it.
 */
EVXI_SET_TARGET static inline uint32_t LIKE(const uint8_t *base, uint32_t at, uint32_t end,
                                            evxi_asking *q, evxi_going *x)
{
    const uint8_t *p = base + at, *d = p + FIXED;
    uint32_t definition, size;
    const evxi_met *m;
    uint64_t written, time;

    if (end - at < FIXED + REC_COPY)
        return 0;
    definition = evxi_le32(p + TOKEN + 6);
    size = evxi_le32(p + REC_SIZE);
    m = evxi_met_at(q, definition);
    if (m->key != (x->key | definition) || evxi_le32(p) != RECORD_SIGNATURE || size < m->least
        || size > end - at || evxi_le32(p + size - REC_COPY) != size
        || evxi_le64(p + REC_ID) != x->next || !EQUAL(p + REC_HEADER, base + m->like, m->same)
        || m->end + REST(d + m->rest, m->others) > size - FIXED - REC_COPY
        || evxi_le64(d + m->id_off) != x->own_next)
        return 0;
    written = evxi_le64(p + REC_WRITTEN);
    time = evxi_le64(d + m->time_off);
    if (written < x->written || time < x->time || !(EVXI_LIKELY(m->plain) || HAS_TEXTS(d, m, q)))
        return 0;
    x->written = written;
    x->time = time;
    x->next++;
    x->own_next++;
    return size;
}

/* Behind the first one of a run: sound records, each behind its predecessor in id and time, by its
 * header and by itself. */
EVXI_SET_TARGET static void PASS(evx_reader *t, evx_records *it, evx_ledger *l, evxi_asking *q,
                                 evx_passed *out)
{
    const uint8_t *base = it->chunk->base;
    uint32_t at = it->pos, end = it->end, last = at, size;
    evxi_going x = going_on(l, q);

    while (at < end && ((size = LIKE(base, at, end, q, &x)) != 0
                        || (size = other_size(t, it, at, q, &x)) != 0)) {
        last = at;
        at += size;
    }
    q->id = x.own_next - 1;
    q->time = x.time;
    if (at != it->pos)
        take(it, l, out, last, at - last, (uint32_t)(x.next - 1 - l->last_id));
}

#undef PASTE_
#undef PASTE
#undef EQUAL
#undef HALVES
#undef REST
#undef IS_TEXT
#undef HAS_TEXTS
#undef LIKE
#undef PASS
