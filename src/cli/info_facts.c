/* src/cli/info_facts.c - what info, verify and a dump's ledger find out on the way */
#include "info.h"

#include <string.h>

static evx_walk walk;
static evx_slot slots[EVX_SLOTS_WORST];

void info_begin(info *i, cli_log *log)
{
    memset(&i->damage, 0, sizeof i->damage);
    i->chunks = 0;
    i->log = log;
    evx_ledger_begin(&log->ledger, i->losses, INFO_LOSSES_MAX);
    log->ledger.hints = i->hints;
    log->ledger.hint_cap = INFO_HINTS_MAX;
}

void info_chunk(info *i)
{
    uint32_t damage = i->log->damage;
    info_damage *d = &i->damage;

    if (damage & EVX_CHUNK_SIGNATURE)    /* then there is no header that could be right or wrong */
        damage &= EVX_CHUNK_SIGNATURE | EVX_CHUNK_CUT;
    i->chunks++;
    d->any += damage != 0;
    d->no_signature += (damage & EVX_CHUNK_SIGNATURE) != 0;
    d->free_off += (damage & EVX_CHUNK_FREE_OFF) != 0;
    d->cut += (damage & EVX_CHUNK_CUT) != 0;
    d->header_crc += (damage & EVX_CHUNK_HEADER_CRC) != 0;
    d->data_crc += (damage & EVX_CHUNK_DATA_CRC) != 0;
}

uint32_t info_record_end(const evx_chunk *c, const evx_record *r)
{
    evx_token t;
    evx_status st;

    if (evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL) < 0)
        return 0;
    st = evx_walk_begin(&walk, c, r);
    while (st == EVX_OK)
        st = evx_walk_next(&walk, &t);
    return st == EVX_END ? evx_walk_end(&walk) : 0;
}

/* Most records hold nothing that could be a record: only the others are walked. Behind the end of
 * the walk; in a record that breaks off, anywhere: its values may be what looks like records. */
void info_hidden(info *i, const evx_chunk *c, const evx_record *r)
{
    evx_ledger *l = &i->log->ledger;
    evx_record h;
    uint32_t from;

    if (i->log->evt || evx_record_hidden(c, r, 0, &h) != EVX_OK)
        return;
    from = info_record_end(c, r);
    while (evx_record_hidden(c, r, from, &h) == EVX_OK) {
        evx_ledger_hint(l, EVX_HINT_HIDDEN, c->file_off + h.off, h.id, r->id);
        from = h.off + h.size;
    }
}

void info_end(info *i)
{
    uint64_t too_short = i->log->ledger.chunks - i->chunks;

    i->damage.any += too_short;
    i->damage.cut += too_short;
}
