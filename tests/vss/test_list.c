/* tests/vss/test_list.c - lists through events: sorted, stable, arranged */
#include <criterion/criterion.h>

#include "vss/vss.h"

enum { N = 1000 };

static evx_vss_event events[N];

static uint32_t chain(void)
{
    for (uint32_t i = 0; i < N; i++) {
        events[i].order = i;
        events[i].rank = i;
        events[i].flags = EVX_VSS_HAS_TIME;
        events[i].at = i + 1 < N ? i + 1 : EVXI_NONE;
    }
    return 0;
}

Test(list, sorted_and_stable)
{
    uint32_t head = chain(), count = 0, last = EVXI_NONE;

    for (uint32_t i = 0; i < N; i++)
        events[i].computer = i * 37 % 10;
    head = evxi_list_sort(events, head, EVXI_BY_WRITER);
    for (uint32_t i = head; i != EVXI_NONE; last = i, i = events[i].at, count++)
        if (last != EVXI_NONE)
            cr_assert(events[last].computer < events[i].computer
                      || (events[last].computer == events[i].computer && last < i));
    cr_expect(count == N);
}

Test(list, arranged)
{
    uint32_t head = chain();

    for (uint32_t i = 0; i < N; i++)
        events[i].time = i * 7919u % 1009;
    evxi_list_arrange(events, evxi_list_sort(events, head, EVXI_BY_TIME));
    for (uint32_t i = 1; i < N; i++)
        cr_assert(events[i - 1].time < events[i].time);
}

Test(list, empty)
{
    cr_expect(evxi_list_sort(events, EVXI_NONE, EVXI_BY_TIME) == EVXI_NONE);
    evxi_list_arrange(events, EVXI_NONE);
}

Test(list, copies)
{
    evx_vss_event a = { .record_id = 5, .time = 7, .event_id = 9606, .digest = 3, .channel = 9,
                        .flags = EVX_VSS_HAS_TIME | EVX_VSS_HAS_CHANNEL }, b = a;

    cr_expect(evxi_same_event(&a, &b));
    b.file = 1;
    b.order = 9;
    cr_expect(evxi_same_event(&a, &b));
    b.channel = 8;
    cr_expect(!evxi_same_event(&a, &b));
    b.flags = EVX_VSS_HAS_TIME;
    cr_expect(evxi_same_event(&a, &b), "an absent channel matches any");
    b.time = 8;
    cr_expect(!evxi_same_event(&a, &b));
}
