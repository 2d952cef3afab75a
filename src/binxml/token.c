/* src/binxml/token.c - what the grammar is; one token, for those who read few */
#include "binxml/token.h"

/*
 * Binary XML (MS-EVEN6 2.2.12; the form in files differs where noted) is a stream of tokens:
 *
 *   stream    = { fragment header | element | template instance | PI } EOF
 *   element   = 01 head { attribute } ( 02 content 04 | 03 )
 *   attribute = 06 name { text | substitution | CharRef | EntityRef }
 *   content   = { element | text | substitution | CDATA | CharRef | EntityRef | PI | instance }
 *
 * The low six bits of a token's byte name it; 0x40 says that more of its kind follows. Only for 01
 * does that change the layout: the element has an attribute list, and its size stands behind the
 * name. For the others the next token tells the same, so the flag is read and ignored.
 *
 * A name is a chunk offset. Where it equals the position behind itself, the entry stands right
 * there and is stepped over; anywhere else nothing follows. In the form on the wire, which is also
 * that of provider resources, the entry always follows, without offset and link.
 *
 * Streams occur in three places: a record's body, a value of type 0x21, and a template definition.
 * Only in a definition does an element carry a dependency id, and only there may substitutions
 * stand; a template instance may stand in the two others. Lengths of elements and attribute lists
 * are not needed to read them, so they cannot lie: tokens rule.
 */
evx_status evxi_item_read(evxi_cursor *in, uint32_t place, evxi_item *item)
{
    evx_status st = evxi_item_get(in->base, &in->pos, in->end, place, item);

    in->bad |= st == EVX_E_OFFSET;
    return st;
}
