/* tests/text/test_json_key.c - keys of JSON members: reserved, repeated, long */
#include "../golden/one.h"

static const char *json(const char *log, uint32_t flags)
{
    kit_text t;

    one(log);
    t = kit_render(&one_chunk, &one_record, EVX_JSON, flags, NULL);
    cr_assert(t.status == EVX_OK, "%s", evx_status_text(t.status));
    return t.text;
}

static void check(const char *log, const char *want)
{
    const char *got = json(log, 0);

    cr_assert(strcmp(got, want) == 0, "%s\n  is  %s\n  not %s", log, got, want);
}

/* Keys of all kinds, in the order in which they come, never twice; "#attributes" is ours alone. */
Test(json_key, keys)
{
    check("plain <E><EventData><Data Name='#attributes'>1</Data><Data Name='a'>2</Data></EventData>"
          "</E>", "{\"E\":{\"EventData\":{\"#attributes\":\"1\",\"a\":\"2\"}}}");
    check("plain <E><EventData x='0'><Data Name='#attributes'>1</Data></EventData></E>",
          "{\"E\":{\"EventData\":{\"#attributes\":{\"x\":\"0\"},\"#attributes_1\":\"1\"}}}");
    check("plain <E><EventData><Data Name='a'>1</Data><a>2</a><Data Name='a'>3</Data></EventData>"
          "</E>",
          "{\"E\":{\"EventData\":{\"a\":\"1\",\"a_1\":\"2\",\"a_2\":\"3\"}}}");
    check("plain <E><EventData><Data Name='&quot;\\u0001&amp;'>1</Data></EventData></E>",
          "{\"E\":{\"EventData\":{\"\\\"\\u0001&\":\"1\"}}}");
    check("plain <E><a\\\"b/><a\\\\b/></E>", "{\"E\":{\"a\\\"b\":null,\"a\\\\b\":null}}");
}

/* Two names that differ only behind the end of the buffer for keys. */
Test(json_key, long_keys)
{
    static char log[20000], a[5000];
    const char *got;

    for (int i = 0; i < 1500; i++)
        strcat(a, "\xe2\x82\xac");
    sprintf(log, "plain <E><EventData><Data Name='%s'>1</Data><Data Name='b'>%01200d</Data>"
                 "<Data Name='%s'>2</Data><Data Name='%sx'>3</Data></EventData></E>", a, 0, a, a);
    got = json(log, 0);
    sprintf(log, "\"%s\":\"1\"", a);
    cr_assert(strstr(got, log));
    sprintf(log, "\"%s_1\":\"2\"", a);
    cr_assert(strstr(got, log));
    sprintf(log, "\"%sx", a);
    cr_assert(strstr(got, log));
    cr_assert(strlen(got) > 3 * 4500 + 1200);
}
