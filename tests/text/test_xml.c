/* tests/text/test_xml.c - XML: what could break out of its place, and does not */
#include "../golden/one.h"

static const char *xml(const char *log)
{
    kit_text t;

    one(log);
    t = kit_render(&one_chunk, &one_record, EVX_XML, EVX_TEXT_COMPACT, NULL);
    cr_assert(t.status == EVX_OK, "%s", evx_status_text(t.status));
    return t.text;
}

static void check(const char *log, const char *want)
{
    const char *got = xml(log);

    cr_assert(strcmp(got, want) == 0, "%s\n  is  %s\n  not %s", log, got, want);
}

/* CDATA sections: everything that ends one, in every arrangement of brackets. */
Test(xml, cdata)
{
    check("plain <E><![CDATA[a]\\]\\>b]]></E>", "<E><![CDATA[a]]]]><![CDATA[>b]]></E>");
    check("plain <E><![CDATA[]\\]\\>]]></E>", "<E><![CDATA[]]]]><![CDATA[>]]></E>");
    check("plain <E><![CDATA[]\\]\\]\\>]]></E>", "<E><![CDATA[]]]]]><![CDATA[>]]></E>");
    check("plain <E><![CDATA[]\\]\\]\\]\\>]]></E>", "<E><![CDATA[]]]]]]><![CDATA[>]]></E>");
    check("plain <E><![CDATA[]\\]\\>]\\]\\>]]></E>",
          "<E><![CDATA[]]]]><![CDATA[>]]]]><![CDATA[>]]></E>");
    check("plain <E><![CDATA[]a]\\>]]></E>", "<E><![CDATA[]a]>]]></E>");
    check("plain <E><![CDATA[]]]></E>", "<E><![CDATA[]]]></E>");
    check("plain <E><![CDATA[\\u0001\\uFFFF]]></E>", "<E><![CDATA[\xef\xbf\xbd\xef\xbf\xbd]]></E>");
}

/* All short strings over ']', '>' and 'x': the text between the marks is what went in. */
Test(xml, cdata_exhaustive)
{
    static const char letters[] = "]>x";
    char log[128], want[16], got[64];

    for (unsigned n = 1; n < 8; n++)
        for (unsigned code = 0, all = 1; code < all || all == 1; code++) {
            const char *s;
            size_t k = 0, at;
            unsigned c = code;
            for (unsigned i = 0, all3 = 1; i < n; i++)
                all = all3 *= 3;
            at = (size_t)sprintf(log, "plain <E><![CDATA[");
            for (unsigned i = 0; i < n; i++, c /= 3) {
                want[i] = letters[c % 3];
                at += (size_t)sprintf(log + at, "\\%c", want[i]);
            }
            want[n] = 0;
            sprintf(log + at, "]]></E>");
            s = strstr(xml(log), "<![CDATA[");
            while (strncmp(s, "<![CDATA[", 9) == 0) {
                const char *end = strstr(s + 9, "]]>");
                cr_assert(end != NULL);
                memcpy(got + k, s + 9, (size_t)(end - s - 9));
                k += (size_t)(end - s - 9);
                s = end + 3;
            }
            got[k] = 0;
            cr_assert(strcmp(s, "</E>") == 0, "%s: %s is left", want, s);
            cr_assert(strcmp(got, want) == 0, "%s, not %s", got, want);
        }
}

Test(xml, instructions)
{
    check("plain <E><?t a\\?\\>b?></E>", "<E><?t a? >b?></E>");
    check("plain <E><?t \\?\\?\\>\\?\\>?></E>", "<E><?t ?? >? >?></E>");
    check("plain <E><?xml x?><?XmL x?><?xmlx y?></E>",
          "<E><?_xml x?><?_XmL x?><?xmlx y?></E>");
    check("plain <E><?a\\?b x?></E>", "<E><?a_b x?></E>");
}

Test(xml, references)
{
    check("plain <E>&a\\<b;</E>", "<E>&amp;a&lt;b;</E>");
    check("plain <E x='&a\\'\\\"b;'/>", "<E x=\"&amp;a&apos;&quot;b;\"></E>");
    check("plain <E>&#0;&#55296;&#65535;&#13;</E>",
          "<E>\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd&#13;</E>");
    check("plain <E x='&#34;&#60;'/>", "<E x=\"&#34;&#60;\"></E>");
}

Test(xml, attributes_once)
{
    check("plain <E a='1' a='2' a_1='3'/>", "<E a=\"1\" a_1=\"2\" a_1_1=\"3\"></E>");
    check("plain <E a\\ ='1' a\\\"='2' a_='3'/>", "<E a_=\"1\" a__1=\"2\" a__2=\"3\"></E>");
}

/* A name as long as names may be, of characters that take three bytes, and another one like it. */
Test(xml, long_names_once)
{
    static char log[14000], a[4000];
    const char *got;

    for (int i = 0; i < 1000; i++)
        strcat(a, "\xe4\xb8\x80");
    sprintf(log, "plain <E %s='1' b='%0900d' %s='2' %s='3'/>", a, 0, a, a);
    got = xml(log);
    sprintf(log, " %s=\"1\"", a);
    cr_assert(strstr(got, log));
    sprintf(log, " %s_1=\"2\"", a);
    cr_assert(strstr(got, log));
    sprintf(log, " %s_2=\"3\"", a);
    cr_assert(strstr(got, log));
}

Test(xml, declaration)
{
    kit_text t;

    one("plain <E/>");
    t = kit_render(&one_chunk, &one_record, EVX_XML, EVX_TEXT_DECLARATION, NULL);
    cr_assert(strcmp(t.text, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<E>\n</E>\n") == 0);
}
