/* tests/binxml/test_proof.c - records that prove themselves, and each thing that disproves one */
#include "../golden/one.h"

#include "binxml/binxml.h"

static evx_walk walk;
static evx_slot slots[EVX_SLOTS_WORST];
static const char log_of_two[] =
    "template o = <Event a='x'><S>{0:u8}</S>{1:xml}</Event>\n"
    "template i = <EventData><Data Name='n'>{0:str}</Data>&amp;<?t d?></EventData>\n"
    "record o u8=1 xml(i str=\"first\")\nrecord o u8=2 xml(i str=\"second\")\n";

static evx_status proves(size_t n)
{
    cr_assert(evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL) == EVX_OK);
    cr_assert(kit_record(&one_chunk, n, &one_record) == EVX_OK);
    return evx_record_proves(&walk, &one_chunk, &one_record);
}

Test(proof, sound_records)
{
    one(log_of_two);
    cr_assert(proves(0) == EVX_OK && proves(1) == EVX_OK);
    one("plain <Event><A b='c'>x</A></Event>");
    cr_assert(proves(0) == EVX_OK);
    one("raw 0f010100\nraw 00");
    cr_assert(proves(0) == EVX_E_VALUE && proves(1) == EVX_E_VALUE);
}

/* Names that were written over: their hash, a unit, the terminator. */
Test(proof, names)
{
    static const char *const names[] = { "Event", "a", "S", "EventData", "Data", "Name", "amp",
                                         "t" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        uint32_t at, units = (uint32_t)strlen(names[i]);
        const uint32_t places[] = { 4, 8, 8 + 2 * units };
        for (size_t k = 0; k < 3; k++) {
            one(log_of_two);
            at = mk_name_at(&one_spec.file, names[i]);
            cr_assert(at != 0);
            one_bytes()[at + places[k]] ^= 1;
            cr_assert(proves(1) < 0, "%s, byte %u", names[i], places[k]);
        }
        one(log_of_two);             /* the link is the writer's business */
        one_bytes()[mk_name_at(&one_spec.file, names[i])] ^= 1;
        cr_assert(proves(1) == EVX_OK);
    }
}

/* Another template's definition stands where one was; an index that is not there. */
Test(proof, templates_and_values)
{
    one(log_of_two);
    one_bytes()[mk_def_at(&one_spec.file, 0) + 4] ^= 1;
    cr_assert(proves(1) == EVX_E_TEMPLATE);
    one(log_of_two);
    one_bytes()[mk_def_at(&one_spec.file, 1) + 4] ^= 1;
    cr_assert(proves(1) == EVX_E_TEMPLATE);
    one("template t = <E><A>{0:u8}</A><B>{3:u8}</B></E>\nrecord t u8=1");
    cr_assert(proves(0) == EVX_E_VALUE);
    one("template t = <E><A>{0:u8}</A></E>\nrecord t u8:999=1");
    cr_assert(proves(0) < 0);
}

/* A flipped bit may prove less, and never more than the walk accepts. */
Test(proof, every_bit)
{
    one(log_of_two);
    cr_assert(kit_record(&one_chunk, 0, &one_record) == EVX_OK);
    for (uint32_t bit = 512 * 8; bit < one_chunk.free_off * 8; bit++) {
        one_bytes()[bit / 8] ^= (uint8_t)(1u << bit % 8);
        cr_assert(evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL) == EVX_OK);
        if (evx_record_proves(&walk, &one_chunk, &one_record) == EVX_OK)
            cr_assert(kit_render(&one_chunk, &one_record, EVX_JSON, 0, NULL).status == EVX_OK);
        one_bytes()[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}
