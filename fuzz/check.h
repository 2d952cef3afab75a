/* fuzz/check.h - is it UTF-8, well-formed XML, JSON? strict, small, apart from the library */
#ifndef EVX_FUZZ_CHECK_H
#define EVX_FUZZ_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct check_result {
    bool ok;
    size_t at;               /* bytes: where it went wrong, or the length                    */
    const char *why;         /* static words; NULL when ok                                   */
    size_t doubles;          /* JSON: keys that their object already had; XML is not ok then */
    size_t depth;            /* deepest nesting seen                                         */
} check_result;

/* Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
check_result check_utf8(const uint8_t *text, size_t len);

/*
 * A well-formed XML 1.0 (fifth edition) document without a document type: an optional declaration,
 * one root element, comments, instructions and blanks around it. Attribute names are unique, every
 * character is legal, references are to the five predefined entities or legal characters.
 */
check_result check_xml(const uint8_t *text, size_t len);

/* The same, but any number of root elements, and text between them: a fragment. */
check_result check_xml_fragment(const uint8_t *text, size_t len);

/* One JSON value (RFC 8259) with blanks around it. Escaped surrogates must form pairs. */
check_result check_json(const uint8_t *text, size_t len);

/* Decodes one character at text[*at], which is moved behind it; UINT32_MAX where it is none. */
uint32_t check_char(const uint8_t *text, size_t len, size_t *at);

#endif
