/* tests/text/test_json.c - JSON: shapes that the golden pages do not show; keys; bare numbers */
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

/* A number is bare only when nothing else stands beside it. */
Test(json, bare)
{
    check("template t = <E><A>{0:u8}</A><B>{0:u8}{0:u8}</B><C>{0:u8}{}</C><D>{1:u8}</D></E>\n"
          "record t u8=5 0x04=", "{\"E\":{\"A\":5,\"B\":\"55\",\"C\":\"5\",\"D\":null}}");
    check("template t = <E><A>{0:u16}</A><B>{1:bool}</B><C>{2:f64}</C></E>\n"
          "record t 0x06=01 0x0d=0100000000 f64=1",
          "{\"E\":{\"A\":\"01\",\"B\":\"0100000000\",\"C\":\"1.0\"}}");
}

Test(json, separate)
{
    const char *got = json("plain <E r='0'><A x='1'/><A x='2'>t</A><A_1 y='3'><B/></A_1></E>",
                           EVX_TEXT_SEPARATE);

    cr_assert(strcmp(got, "{\"E_attributes\":{\"r\":\"0\"},\"E\":{\"A_attributes\":{\"x\":\"1\"},"
                          "\"A_1_attributes\":{\"x\":\"2\"},\"A_1\":\"t\",\"A_1_1_attributes\":"
                          "{\"y\":\"3\"},\"A_1_1\":{\"B\":null}}}") == 0, "%s", got);
}

Test(json, lists)
{
    check("template t = <E><EventData><Data>{0:u8[]}</Data><X/><Data>y</Data></EventData></E>\n"
          "record t 0x84=0102",
          "{\"E\":{\"EventData\":{\"Data\":{\"#text\":[1,2,\"y\"]},\"X\":null}}}");
    check("plain <E><EventData><Data><X>1</X></Data><Data a='1'>t</Data></EventData></E>",
          "{\"E\":{\"EventData\":{\"Data\":{\"#text\":[{\"X\":\"1\"},\"t\"]}}}}");
}
