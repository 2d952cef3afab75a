/* src/select/pass_body.h - the loop over records that are like the one before, for each set */
#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)
#define EQUAL PASTE(evxi_equal_, EVXI_SET)
#define HALVES PASTE(evxi_halves_, EVXI_SET)
#define BLOCK PASTE(evxi_block_, EVXI_SET)
#define REST PASTE(rest_, EVXI_SET)
#define HAS_TEXTS PASTE(has_texts_, EVXI_SET)
#define LIKE PASTE(like_, EVXI_SET)
#define ALIKE PASTE(alike_, EVXI_SET)
#define PASS PASTE(pass_, EVXI_SET)

/* The sizes of the values behind the first ones: mostly there is one, the event's data. */
EVXI_SET_TARGET static inline uint32_t REST(const uint8_t *descriptors, uint32_t count)
{
    return EVXI_LIKELY(count == 1) ? evxi_le16(descriptors) : HALVES(descriptors, count);
}

/* Its text, as far as it has to be looked at: another provider's name, and the run's others. */
EVXI_SET_TARGET static inline bool HAS_TEXTS(const uint8_t *p, const evxi_like *k)
{
    if (k->named && (evxi_le16(p + k->look[0]) == 0 || evxi_folded(p + k->look[1]) == k->unlike))
        return false;
    return EQUAL(p + k->off[0], k->record + k->off[0], k->len[0])
        && (EVXI_LIKELY(k->len[1] == 0)
            || EQUAL(p + k->off[1], k->record + k->off[1], k->len[1]));
}

/*
 * Is the record at `p` a sound one of a template that was met in this run, from its body to its
 * descriptors the one that was looked at last, and so are its values, as far as they must be? Then
 * `x` goes on to it. False: nothing is known of it.
 */
EVXI_SET_TARGET static inline bool LIKE(const uint8_t *p, size_t room, const evxi_like *likes,
                                        evxi_going *x)
{
    uint32_t definition = evxi_le32(p + TOKEN + 6);
    const evxi_like *k = &likes[evxi_met_place(definition)];
    uint32_t size = evxi_le32(p + REC_SIZE);
    uint64_t time;

    if (k->key != (x->key | definition) || evxi_le32(p) != RECORD_SIGNATURE || size < k->least
        || size > room || evxi_le32(p + size - REC_COPY) != size
        || evxi_le64(p + REC_ID) != x->next
        || !BLOCK(p + REC_HEADER, k->image, k->rest - REC_HEADER)
        || k->over + REST(p + k->rest, k->others) > size
        || evxi_le64(p + k->id_off) != x->own_next || evxi_le64(p + REC_WRITTEN) < x->written)
        return false;
    time = evxi_le64(p + k->time_off);
    if (time < x->time || !(k->plain || HAS_TEXTS(p, k)))
        return false;
    x->written = evxi_le64(p + REC_WRITTEN);
    x->time = time;
    x->next++;
    x->own_next++;
    x->last = p;
    x->at = p + size;
    return true;
}

/* As long as one is like another one that was met. It calls nobody, so that all of it may stay in
 * registers. */
EVXI_SET_TARGET static EVXI_APART void ALIKE(const uint8_t *end, const evxi_like *likes,
                                             evxi_going *state)
{
    evxi_going x = *state;
    size_t room;

    do
        room = (size_t)(end - x.at);
    while (room >= FIXED + REC_COPY && LIKE(x.at, room, likes, &x));
    *state = x;
}

/* Behind the first one of a run: sound records, each behind its predecessor in id and time, by its
 * header and by itself. */
EVXI_SET_TARGET static void PASS(evx_reader *t, evx_records *it, evx_ledger *l, evxi_asking *q,
                                 evx_passed *out)
{
    const uint8_t *base = it->chunk->base, *begin = base + it->pos, *end = base + it->end;
    evxi_going x = going_on(l, q, begin);

    do
        ALIKE(end, q->like, &x);
    while (x.at != end && pass_other(t, it, q, &x));
    q->id = x.own_next - 1;
    q->time = x.time;
    if (x.at != begin)
        take(it, l, out, &x);
}

#undef PASTE_
#undef PASTE
#undef EQUAL
#undef HALVES
#undef BLOCK
#undef REST
#undef HAS_TEXTS
#undef LIKE
#undef ALIKE
#undef PASS
