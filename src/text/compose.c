/* src/text/compose.c - a record like two others: around like one, inside like the other */
#include "binxml/binxml.h"
#include "text/program.h"

/*
 * The System element of an event is its channel's, or its computer's; the data are its event's. So
 * many records have an outer instance that is known and an inner one that is known, which never
 * stood together. Their program is made of the two that there are, without a walk.
 *
 * That can be where the text of neither depends on the other: the root has two children, System,
 * which is the outer instance's, and EventData or UserData, which is all of the inner one. In XML
 * the second is written on lines of its own, at the same depth. In JSON it is a member behind the
 * first, and these names are in nobody's way: no suffix is asked for. So are the steps that a walk
 * and a writer take for it, and what all of it costs is a sum.
 *
 * What is charged by length, or written for each item of an array, is left to the walk.
 */
enum {
    KEYS_MOST = 256,                 /* of each record: two of them do not fill the first table */
    NODES_MOST = 4096,               /* the same of nodes: definitions may lie in each other  */
    LIKE_MOST = 32                   /* leaves of a definition that are looked at             */
};

/* ---- while it is recorded ------------------------------------------------------------------- */

static evxi_mark mark(const evxi_writer *w)
{
    evxi_mark now = { (uint32_t)w->sink.count, (uint32_t)w->steps };

    return now;
}

void evxi_record_child(evxi_writer *w, uint32_t child)
{
    w->recorder->child = child;
    w->recorder->begin = mark(w);
}

void evxi_record_children(evxi_writer *w)
{
    w->recorder->end = mark(w);
}

/* ---- does it stand apart? ------------------------------------------------------------------- */

/* The element behind the root's attributes. */
static uint32_t first_child(const evxi_writer *w)
{
    uint32_t at = w->root + 1;

    while (at < w->nodes[w->root].end && w->nodes[at].kind == EVX_TOKEN_ATTRIBUTE)
        at = w->nodes[at].end;
    return at;
}

static bool is_element(const evxi_writer *w, uint32_t node, uint32_t end)
{
    return node < end && w->nodes[node].kind == EVX_TOKEN_OPEN;
}

/* System, then EventData or UserData, which is the node `inner`; and nothing else. */
static bool are_two(const evxi_writer *w, uint32_t inner)
{
    uint32_t end = w->nodes[w->root].end, first = first_child(w);

    return is_element(w, first, end) && w->nodes[first].end == inner && is_element(w, inner, end)
        && w->nodes[inner].end == end
        && evxi_named(w, first, "System", 6)
        && (evxi_named(w, inner, "EventData", 9) || evxi_named(w, inner, "UserData", 8));
}

void evxi_compose_note(const evx_text *t, const evxi_writer *w, evxi_program *p)
{
    const evxi_store *s = t->store;
    const evxi_recorder *rec = &s->recorder;
    const evxi_trace *x = &s->trace;

    if (x->instances != 2 || x->plain || !p->head || !p->once || p->ansi || p->array_count != 0
        || t->config.work_len < EVX_TEXT_WORK || w->key_count > KEYS_MOST || w->count > NODES_MOST
        || rec->child != x->first_node || !are_two(w, rec->child))
        return;
    p->before = (uint16_t)(rec->begin.bytes - p->head->bytes);
    p->behind = (uint16_t)(rec->last - rec->end.bytes);
    p->inner_steps = rec->end.steps - rec->begin.steps;
    p->inner_walk = x->fuel_before - x->fuel_behind - (s->match.fragments - x->fragments);
    p->apart = true;
}

/* A leaf for all that are like it will do, and one program for all leaves behind an instance. */
void evxi_compose_offer(evxi_shape *leaf)
{
    evxi_definition *d = leaf->definition;

    if (!leaf->program->apart)
        return;
    if (!leaf->parent->apart)
        EVXI_PUBLISH(leaf->parent->apart, leaf->program);
    for (const evxi_shape *x = d->more; x; x = x->like)
        if (x->count == leaf->count && memcmp(x->mask, leaf->mask, x->count * sizeof *x->mask) == 0
            && memcmp(x->want, leaf->want, x->count * sizeof *x->want) == 0)
            return;
    leaf->like = d->more;
    EVXI_PUBLISH(d->more, leaf);
}

/* ---- a new one ------------------------------------------------------------------------------ */

/* The same values, with other numbers. */
static bool renumber(evxi_store *s, evxi_shape *x, int shift)
{
    uint16_t *texts = evxi_store_take(s, x->text_count * sizeof *texts);
    evxi_guard *guards = evxi_store_take(s, x->guard_count * sizeof *guards);

    if (!texts || !guards)
        return false;
    for (uint32_t i = 0; i < x->text_count; i++)
        texts[i] = (uint16_t)(x->texts[i] + shift);
    for (uint32_t i = 0; i < x->guard_count; i++) {
        guards[i] = x->guards[i];
        guards[i].slot = (uint16_t)(guards[i].slot + shift);
    }
    x->texts = texts;
    x->guards = guards;
    return true;
}

/* `like` behind `parent`, where its first value has the number `first`. */
static evxi_shape *make(evxi_store *s, evxi_shape *parent, const evxi_shape *like, uint32_t first)
{
    int shift = (int)first - like->first;
    evxi_program *p = evxi_program_join(s, parent->apart, like->program, shift);
    evxi_shape *x = p ? evxi_store_take(s, sizeof *x) : NULL;

    if (!x)
        return NULL;
    *x = *like;
    x->parent = parent;
    x->first = (uint16_t)first;
    x->program = p;
    x->like = NULL;
    if (shift != 0 && !renumber(s, x, shift))
        return NULL;
    evxi_shape_add(s, x);
    EVXI_PUBLISH(s->library->count, s->library->count + 1);
    return x;
}

EVXI_COLD evxi_shape *evxi_compose(evxi_store *s, evxi_shape *parent, evxi_definition *d,
                                   const evxi_match *m, const evxi_layout *p,
                                   const evx_kernels *k)
{
    evxi_shape *like, *x;
    uint32_t n = 0;

    if (!parent || !EVXI_LOOK(parent->apart) || EVXI_LOOK(s->library->learned.full))
        return NULL;
    for (like = EVXI_LOOK(d->more); like && n < LIKE_MOST; like = like->like, n++)
        if (evxi_shape_fits(like, m, p, k))
            break;
    if (!like || n == LIKE_MOST || !evxi_library_open(s))
        return NULL;
    x = evxi_shape_search(s, parent, d, m, p, k);    /* another one may have been quicker */
    if (!x)
        x = make(s, parent, like, m->slots - p->count);
    evxi_library_close(s);
    return x;
}
