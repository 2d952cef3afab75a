/* src/cli/cmd_sessions.c - evx sessions: Exchange VSS backups and verdicts, as text or json */
#include "report.h"

#include <stdlib.h>

static const char help[] =
    "evx sessions - who holds or blocks the Exchange backup, since when, and still?\n"
    "\n"
    "usage: evx sessions [options] PATH...   files or folders; '-' is standard input\n"
    "\n"
    "      --json                   one JSON document, schema evx.sessions/1\n"
    "      --jsonl                  JSON lines: sessions, writers, files\n"
    "      --events                 add the list of the writer's events\n"
    "      --since TIME             only sessions that last until this time or longer\n"
    "      --until TIME             and began before this one, as 2006-09-02T02:00Z\n"
    "      --computer NAME          only this computer\n"
    "  -v                           each event of each session, no folding; losses\n"
    "  -h, --help; -V, --version; --no-sandbox: see evx(1)\n"
    "\n"
    "Options narrow what is shown, never the evidence. Times are UTC. Read are the\n"
    "MSExchangeIS events of Exchange 2003, 2007 and 2010 (KB 910250), from logs in\n"
    "any order, copies and archives too; not the writer of Exchange 2013 and later.\n"
    "\n"
    "exit status: 0 no backup is stuck; 1 something was lost, or a verdict is\n"
    "             unknown; 2 usage; 3 nothing readable; 4 the output failed;\n"
    "             10 a backup is stuck, or open\n";

static report r;

static void solve(void)
{
    size_t losses, computers = r.computers.count;
    evx_loss *lost = report_losses(&r, &losses);
    uint64_t *last_seen = report_zeroed(computers, sizeof *last_seen);
    evx_vss_input in = { r.events, 0, lost, losses, last_seen, computers };
    evx_status st;

    for (size_t i = 0; i < computers; i++)
        last_seen[i] = r.computers.names[i].last;
    r.event_count = in.event_count = evx_vss_sort(r.events, r.event_count);
    st = evx_vss_solve(&in, &r.out); /* with no room: how much is needed?                      */
    if (st == EVX_E_SPACE) {
        r.out.session_cap = r.out.session_count;
        r.out.writer_cap = r.out.writer_count;
        r.out.sessions = report_zeroed(r.out.session_cap, sizeof *r.out.sessions);
        r.out.writers = report_zeroed(r.out.writer_cap, sizeof *r.out.writers);
        st = evx_vss_solve(&in, &r.out);
    }
    free(lost);
    free(last_seen);
    if (st != EVX_OK) {
        cli_say("sessions: %s", evx_status_text(st));
        exit(CLI_LOST);
    }
}

static int run(char **paths, int count)
{
    static cli_output output;
    cli_run all = { 0 };
    int status;

    all.verbose = r.args.verbose;
    all.lists = true;
    report_read(&r, &all, paths, count);
    if (cli_interrupted())
        return CLI_LOST;
    solve();
    report_choose(&r);
    report_find_near(&r);
    if (cli_interrupted())           /* a verdict on a part of the evidence would be none      */
        return CLI_LOST;
    cli_output_begin(&output);
    if (r.args.json)
        report_json(&r, &output);
    else if (r.args.jsonl)
        report_json_lines(&r, &output);
    else
        report_text(&r, &output, &all);
    status = cli_output_end(&output);
    return status != CLI_CLEAN ? status : report_status(&r, &all);
}

static int check(const report_args *a, char **paths, int count)
{
    int status = CLI_CLEAN;

    if (a->json && a->jsonl)
        status = cli_usage("sessions: --json and --jsonl are two formats; choose one");
    if (status == CLI_CLEAN)
        status = cli_when_option("sessions", "since", a->since_text, &r.args.since);
    if (status == CLI_CLEAN)
        status = cli_when_option("sessions", "until", a->until_text, &r.args.until);
    if (status == CLI_CLEAN && a->until_text && r.args.until <= r.args.since)
        status = cli_usage("sessions: --until is not behind --since");
    return status == CLI_CLEAN ? cli_check_paths("sessions", paths, count) : status;
}

int cmd_sessions(int argc, char **argv)
{
    report_args *a = &r.args;
    const cli_option options[] = { { "json", 0, CLI_FLAG, &a->json },
                                   { "jsonl", 0, CLI_FLAG, &a->jsonl },
                                   { "events", 0, CLI_FLAG, &a->events },
                                   { "since", 0, CLI_VALUE, &a->since_text },
                                   { "until", 0, CLI_VALUE, &a->until_text },
                                   { "computer", 0, CLI_VALUE, &a->computer },
                                   { "no-sandbox", 0, CLI_FLAG, &cli_unconfined },
                                   { "verbose", 'v', CLI_COUNT, &a->verbose },
                                   { "help", 'h', CLI_FLAG, &a->help },
                                   { "version", 'V', CLI_FLAG, &a->version },
                                   { NULL, 0, 0, NULL } };
    int paths, status = cli_args("sessions", options, argc, argv, &paths);

    if (status == CLI_CLEAN && a->help)
        return cli_help(help);
    if (status == CLI_CLEAN && a->version)
        return cli_version();
    if (status == CLI_CLEAN)
        status = check(a, argv, paths);
    return status != CLI_CLEAN ? status : run(argv, paths);
}
