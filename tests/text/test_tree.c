/* tests/text/test_tree.c - a record as nodes: their kinds and ends, questions, repetition */
#include "../golden/one.h"

#include "text/text.h"

static evx_text t;
static evxi_writer w;
static uint64_t work[(EVX_TEXT_WORK + 7) / 8];

static evxi_node *node(uint32_t i)
{
    return (evxi_node *)t.nodes + i;
}

static evx_status build(const char *log)
{
    evx_text_config config;
    evx_status st;

    memset(&config, 0, sizeof config);
    config.format = EVX_XML;
    config.work = (uint8_t *)work;
    config.work_len = sizeof work;
    one(log);
    cr_assert(evx_text_init(&t, sizeof t, &config) == EVX_OK);
    st = evxi_tree_build(&t, &one_chunk, &one_record);
    memset(&w, 0, sizeof w);
    w.chunk = &one_chunk;
    w.nodes = t.nodes;
    w.count = t.node_len;
    w.root = t.root;
    w.kernels = evx_kernels_best();
    w.sink.limit = w.work = 1 << 20;
    return st;
}

Test(tree, shape)
{
    static const struct { uint8_t kind; uint32_t end, parent; } rows[] = {
        { EVX_TOKEN_OPEN, 9, EVXI_NONE }, { EVX_TOKEN_ATTRIBUTE, 4, 0 }, { EVX_TOKEN_TEXT, 3, 1 },
        { EVX_TOKEN_ENTITY, 4, 1 }, { EVX_TOKEN_OPEN, 6, 0 }, { EVX_TOKEN_TEXT, 6, 4 },
        { EVX_TOKEN_TEXT, 7, 0 }, { EVX_TOKEN_OPEN, 9, 0 }, { EVX_TOKEN_ATTRIBUTE, 9, 7 }
    };

    cr_assert(build("plain <E a='x&amp;'><A>t</A>u<B b=''/></E>") == EVX_OK);
    cr_assert(t.node_len == 9 && t.root == 0 && t.damage == 0);
    for (uint32_t i = 0; i < 9; i++)
        cr_assert(node(i)->kind == rows[i].kind && node(i)->parent == rows[i].parent
                  && (node(i)->end == rows[i].end || (rows[i].kind != EVX_TOKEN_OPEN
                                                      && rows[i].kind != EVX_TOKEN_ATTRIBUTE)),
                  "node %u", i);
    cr_assert(evxi_next(&w, 0) == 9 && evxi_next(&w, 1) == 4 && evxi_next(&w, 2) == 3);
    cr_assert(evxi_first_child(&w, 0) == 4 && evxi_first_child(&w, 4) == 5);
    cr_assert(evxi_first_child(&w, 7) == 9);
    cr_assert(evxi_named(&w, 4, "A", 1) && !evxi_named(&w, 4, "B", 1) && evxi_named(&w, 8, "b", 1));
    cr_assert(evxi_has_text(&w, 2, 4) && !evxi_has_text(&w, 9, 9));
}

Test(tree, classes)
{
    cr_assert(build("template t = <E>{0:str}{1:str}{2:str?}<A/>&amp;&#65;<?p d?><![CDATA[c]]>{9:u8}"
                    "</E>\nrecord t str=\"\" str=\"x\" str=\"\"") == EVX_OK);
    {
        static const struct { uint8_t kind; evxi_class is; } rows[] = {
            { EVX_TOKEN_OPEN, CLASS_ELEMENT }, { EVX_TOKEN_VALUE, CLASS_EMPTY },
            { EVX_TOKEN_VALUE, CLASS_CONTENT }, { EVX_TOKEN_OPEN, CLASS_ELEMENT },
            { EVX_TOKEN_ENTITY, CLASS_CONTENT }, { EVX_TOKEN_CHARREF, CLASS_CONTENT },
            { EVX_TOKEN_PI_TARGET, CLASS_PI }, { EVX_TOKEN_PI_DATA, CLASS_PI },
            { EVX_TOKEN_CDATA, CLASS_CONTENT }
        };
        cr_assert(t.node_len == 9, "%u", t.node_len);
        for (uint32_t i = 0; i < 9; i++)
            cr_assert(node(i)->kind == rows[i].kind && evxi_classify(&w, i) == rows[i].is,
                      "node %u: %u", i, evxi_classify(&w, i));
    }
}

/* The items of an element's arrays, one round after another; the shorter array just ends. */
Test(tree, repetition)
{
    uint32_t rounds = 0, element = 1, value;
    evx_value v;

    cr_assert(build("template t = <E><D n='{1:str[]}'>{0:u8[]}</D></E>\n"
                    "record t 0x84=010203 strs=[\"a\",\"b\"]") == EVX_OK);
    cr_assert(node(element)->flags & NODE_REPEAT);
    value = evxi_first_child(&w, element);
    for (int pass = 0; pass < 2; pass++) {
        evxi_rewind(&w, element);
        rounds = 0;
        do {
            rounds++;
            cr_assert(evxi_value_of(&w, value, &v) && v.type == EVX_UINT8 && v.raw.len == 1);
            cr_assert(v.raw.ptr[0] == rounds);
            cr_assert(evxi_has_text(&w, 3, 4) == (rounds < 3));
        } while (evxi_advance(&w, element) && rounds < 9);
        cr_assert(rounds == 3);
    }
}

Test(tree, no_repetition)
{
    cr_assert(build("template t = <E>{0:u8[]}<D>{1:u8[]}</D></E>\nrecord t 0x84=010203 0x84=07")
              == EVX_OK);
    cr_assert(!(node(0)->flags & NODE_REPEAT) && !(node(2)->flags & NODE_REPEAT));
    cr_assert(!evxi_advance(&w, 2));
}

Test(tree, judged)
{
    cr_assert(build("raw 90 00") == EVX_E_TOKEN && t.node_len == 0);
    cr_assert(build("plain <E><A>{raw:90}</A></E>") == EVX_OK);
    cr_assert(t.failed == EVX_E_TOKEN && (t.damage & EVX_TEXT_SALVAGED) && t.node_len == 2);
    cr_assert(build("plain <E/><F/>") == EVX_OK && t.failed == EVX_E_BALANCE && t.root == 0);
    cr_assert(build("raw 0f010100 00") == EVX_OK && t.failed == EVX_E_BALANCE);
    cr_assert(t.root == EVXI_NONE && (t.damage & EVX_TEXT_SALVAGED));
    cr_assert(build("template t = <E>{0:str}</E>\nrecord t str:900=\"\"") == EVX_OK);
    cr_assert(t.failed == EVX_OK && t.damage == EVX_TEXT_VALUES_LOST);
}

/* More nodes than memory is its own answer. */
Test(tree, node_memory)
{
    evx_text_config config;
    static char log[70000];
    size_t at = (size_t)sprintf(log, "plain <E>");

    for (int i = 0; i < 2000; i++)
        at += (size_t)sprintf(log + at, "<a/>");
    sprintf(log + at, "</E>");
    one(log);
    memset(&config, 0, sizeof config);
    config.format = EVX_JSON;
    config.work = (uint8_t *)work;
    for (config.work_len = 16384; config.work_len < 300000; config.work_len += 4001) {
        cr_assert(evx_text_init(&t, sizeof t, &config) == EVX_OK);
        cr_assert(evxi_tree_build(&t, &one_chunk, &one_record)
                  == (t.node_cap < 2001 ? EVX_E_SPACE : EVX_OK));
        cr_assert((uint8_t *)(node(t.node_cap)) <= (uint8_t *)work + config.work_len);
    }
}
