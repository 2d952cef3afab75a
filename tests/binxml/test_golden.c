/* tests/binxml/test_golden.c - the golden pages: the walk's tokens and their offsets */
#include <criterion/criterion.h>

#include "../golden/page.h"
#include "../golden/tokens.h"
#include "cuts.h"

static spec description;
static evx_walk walk;
static evx_slot slots[EVX_SLOTS_WORST];
static char text[1 << 18];
static size_t blocks, wrong;

static void check(page_case *c)
{
    mk_bytes log = spec_log(&description, c->log);
    token_text o = { text, sizeof text, 0 };
    evx_chunk chunk;
    evx_record r;

    cr_assert(log.ptr, "%s: %s", c->where, description.file.failed);
    text[0] = 0;
    (void)kit_chunk(log.ptr, log.len, 0, &chunk);
    for (size_t n = 0; kit_record(&chunk, n, &r) != EVX_END; n++)
        tokens_of(&walk, &chunk, &r, &o);
    for (size_t i = 0; i < c->blocks; i++) {
        if (strcmp(c->block[i].info, "tokens") != 0)
            continue;
        blocks++;
        if (strcmp(c->block[i].text, text) != 0) {
            wrong++;
            cr_log_error("%s is:\n%s", c->where, text);
        }
    }
}

Test(golden, tokens)
{
    cr_assert(evx_walk_init(&walk, sizeof walk, slots, EVX_SLOTS_WORST, NULL) == EVX_OK);
    (void)page_each(EVX_TEST_ROOT "/tests/golden", check);
    cr_assert(blocks >= 20, "%zu blocks", blocks);
    cr_assert(wrong == 0, "%zu of %zu blocks are wrong", wrong, blocks);
}
