/* tests/text/test_overlap.c - definitions that lie in each other: too many nodes for one record */
#include "pair.h"

/*
 * A definition's bytes may be another one's, too. The definition that `o` holds as the text of a
 * processing instruction goes on over the instructions behind it, each of three bytes: they are
 * nodes of both. A record of both has more of them than there is memory for, and whoever joins what
 * was learned of one (around something small) and of the other (in something small) would not see
 * that, and write what the walk refuses.
 */
enum { HEAD = 24, BEGIN = 16, NODE = 3, OWN = 1 + 2 };

static char description[1 << 18];
static size_t used;

static void add(const char *text)
{
    size_t len = strlen(text);

    cr_assert(used + len < sizeof description);
    memcpy(description + used, text, len + 1);
    used += len;
}

static void add_bytes(uint64_t v, unsigned bytes)
{
    char two[3];

    for (; bytes > 0; bytes--, v >>= 8) {
        snprintf(two, sizeof two, "%02x", (unsigned)(v & 0xff));
        add(two);
    }
}

/* A processing instruction whose 20 units are a definition's head, with the id 1, and how its
 * stream begins: a fragment, and an element with a name, which the nodes behind it are in. */
static void add_hidden(uint32_t nodes, uint32_t name)
{
    add("{raw:0b1400");
    add_bytes(0, 4);
    add_bytes(1, 4);
    add_bytes(0, 8);
    add_bytes(0, 4);
    add_bytes(BEGIN + NODE * nodes + 1, 4);
    add("0f010100" "01ffff");
    add_bytes(NODE * nodes + 2, 4);
    add_bytes(name, 4);
    add("02");
    for (uint32_t i = 0; i < nodes; i++)
        add("0b0000");
    add("}");
}

/* `steps` are allowed per byte, so records that shall be walked to their ends are padded. */
static void add_record(const char *text, uint32_t at, uint32_t pad)
{
    char record[128];

    snprintf(record, sizeof record, text, at);
    add(record);
    if (pad > 0)
        add(" bin=");
    add_bytes(0, pad);
    add("\n");
}

static void describe(uint32_t nodes, uint32_t at, uint32_t name)
{
    used = 0;
    add("template b = <Event><System><C n='x'>{0:u8}</C></System>{1:xml}</Event>\n"
        "template k = <EventData>z</EventData>\n"
        "template o = <Event><System><C>{0:u8}</C><Q>");
    add_hidden(nodes, name);
    add("</Q></System>{1:xml}</Event>\n");
    add_record("record b u8=1 xml(k)", at, 1);
    add_record("record o u8=7 xml(k)", at, 1);
    add_record("record b u8=2 xml(def=%u lieid=1 k)", at, 3500);
    add_record("record o u8=7 xml(def=%u lieid=1 k)", at, 7700);
    one(description);
}

static uint32_t hidden_at(void)
{
    static const uint8_t begin[] = { 0x0b, 0x14, 0, 0, 0, 0, 0, 1, 0, 0, 0 };
    const uint8_t *p = one_bytes();

    for (uint32_t i = 512; i + sizeof begin < EVX_CHUNK_SIZE; i++)
        if (memcmp(p + i, begin, sizeof begin) == 0)
            return i + OWN;
    cr_assert_fail("it is not there");
    return 0;
}

Test(overlap, more_nodes_than_there_is_room_for)
{
    static const uint32_t nodes[] = { 100, 4200, 16500 };
    const evx_limits limits = { .steps_per_byte = 4 };

    for (size_t i = 0; i < sizeof nodes / sizeof nodes[0]; i++) {
        uint32_t name, at;
        describe(nodes[i], 4096, 512);
        name = mk_name_at(&one_spec.file, "EventData");
        describe(nodes[i], hidden_at(), name);
        at = hidden_at();
        describe(nodes[i], at, name);
        for (size_t mode = 0; mode < PAIR_MODES; mode++) {
            evx_record r;
            pair_begin(pair_modes[mode], &limits, PAIR_ARENA);
            for (size_t k = 0; k < 4; k++) {
                cr_assert(kit_record(&one_chunk, k, &r) == EVX_OK);
                evx_status st = pair_record(&one_chunk, &r);
                cr_assert((st == EVX_OK) == (k < 3 || nodes[i] < 16500), "%u, record %zu: %d",
                          nodes[i], k, st);
            }
        }
    }
}
