/* tests/kit/seeds_evt.c - legacy logs for the fuzz target: rings, seams, remains, damage, lies. */
#include "mkevt.h"
#include "seeds.h"

#include <string.h>

enum { SMALL = 1024 };

static uint8_t mem[70000];
static mk_evt f;

static void records(uint32_t n)
{
    static const char *const strings[] = { "a|bc", "", "some|longer strings|than others", NULL };
    for (uint32_t i = 0; i < n; i++) {
        mk_evt_event e;
        memset(&e, 0, sizeof e);
        e.time = 1157162400 + 60 * f.next;
        e.id = 0x40002580 + f.next;
        e.type = (uint16_t)(1u << f.next % 5);
        e.category = 28;
        e.source = "MSExchangeIS";
        e.computer = "EX01";
        e.sid = f.next % 3 == 0 ? "S-1-5-21-1-2-3-500" : NULL;
        e.strings = strings[f.next % 4];
        e.data = "Backup in progress.";
        e.data_len = f.next % 2 ? 20 : 0;
        (void)mk_evt_record(&f, &e);
    }
}

static void begin(uint32_t cap, uint32_t n)
{
    mk_evt_begin(&f, mem, cap);
    f.trim = 1;
    records(n);
}

static void poke(uint32_t at, uint32_t v)
{
    for (int i = 0; i < 4; i++) mem[at + (uint32_t)i] = (uint8_t)(v >> (8 * i));
}

/* Sound ones: none, few, a ring at each kind of seam. */
static void sound(kit_take take, void *user)
{
    begin(SMALL, 0);
    take(user, "empty", mk_evt_end(&f));
    begin(SMALL, 3);
    take(user, "three", mk_evt_end(&f));
    begin(SMALL, 40);
    take(user, "ring", mk_evt_end(&f));
    mk_evt_begin(&f, mem, SMALL);
    mk_evt_start(&f, SMALL - 60);
    records(2);
    take(user, "seam", mk_evt_end(&f));
    mk_evt_begin(&f, mem, SMALL);
    mk_evt_start(&f, SMALL - 160);
    records(1);
    take(user, "seam-at-the-end-record", mk_evt_end(&f));
    mk_evt_begin(&f, mem, SMALL);
    mk_evt_start(&f, SMALL - 40);
    records(2);
    take(user, "filler", mk_evt_end(&f));
    begin(SMALL, 40);
    f.flags |= MK_EVT_DIRTY;
    memset(f.header, 0, sizeof f.header);
    mk_evt_sync(&f);
    records(1);
    take(user, "dirty", mk_evt_end(&f));
}

static void hostile(kit_take take, void *user)
{
    begin(SMALL, 4);
    mk_evt_lose_last(&f);
    records(1);
    take(user, "lost", mk_evt_end(&f));
    begin(SMALL, 3);
    poke(f.last - 4, 0);
    take(user, "copy", mk_evt_end(&f));
    begin(SMALL, 3);
    poke(f.last, 0xffffffff);
    take(user, "size", mk_evt_end(&f));
    begin(SMALL, 3);
    f.no_end = 1;
    take(user, "no-end-record", mk_evt_end(&f));
    for (uint32_t field = 26; field <= 52; field += field == 26 ? 10 : 4) {
        char name[] = "lie-00";
        begin(SMALL, 3);
        poke(f.last + field, 0xfffffff0);
        name[4] = (char)('0' + field / 10);
        name[5] = (char)('0' + field % 10);
        take(user, name, mk_evt_end(&f));
    }
    begin(SMALL, 3);
    poke(f.at + 20, 60000);
    mk_bytes cut = { mem, f.at + 30 };
    (void)mk_evt_end(&f);
    take(user, "cut", cut);
}

void kit_seeds_evt(kit_take take, void *user)
{
    sound(take, user);
    hostile(take, user);
}
