/* src/cli/report_json.h - JSON: what report_fields.c and report_objects.c put */
#ifndef EVX_CLI_REPORT_JSON_H
#define EVX_CLI_REPORT_JSON_H

#include "report.h"

/* Between the objects of a list inside an object. */
#define json_between ", "

/* A key, with what must stand in front of it, and its value; null for NULL, 0 or -1. */
void json_time(cli_output *o, uint64_t filetime);
void json_text(cli_output *o, const char *key, const char *text, size_t len);
void json_words(cli_output *o, const char *key, const char *text);
void json_number(cli_output *o, const char *key, uint64_t n);
void json_index(cli_output *o, const char *key, int32_t i);
void json_flag(cli_output *o, const char *key, bool flag);
void json_computer(cli_output *o, const report *r, uint32_t computer);
void json_instance(cli_output *o, const char *key, const evx_guid *g, bool has);
void json_candidate(cli_output *o, const report *r, int32_t writer);
void json_error(cli_output *o, const char *key, const evx_vss_event *e);

/* The fields of an event, without and with braces. */
void json_event_fields(cli_output *o, const report *r, const evx_vss_event *e);
void json_event(cli_output *o, const report *r, const evx_vss_event *e);

/* The fields of an object, without braces; a writer's but for its sessions. */
void json_session(cli_output *o, const report *r, const evx_vss_session *s);
void json_writer(cli_output *o, const report *r, const evx_vss_writer *w);
void json_file(cli_output *o, const report *r, const report_file *f);

#endif
