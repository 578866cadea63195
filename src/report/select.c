/* SPDX-License-Identifier: Apache-2.0 */
/* What a page shows in full and what it only names, so that the telling rows are not lost among the others. JSON shows all. */
#include "report/report.h"

#include <string.h>

bool bfl_marker_is_telling(const bfl_marker *m) {
    if (m->own || m->point_count > 1 || (m->said && m->said[0])) return true;
    const char *role = m->analyte->role ? m->analyte->role : "";
    bool of_alp = strcmp(m->analyte->id, "ALP") == 0 || strcmp(role, "isozyme") == 0 || strcmp(role, "bone") == 0;
    for (size_t i = 0; i < m->point_count; i++)
        if (m->points[i].above_range || m->points[i].below_range || of_alp) return true;
    return false;
}

/* ---- issues that say the same of several rows ---- */

static bool same_text(const char *a, const char *b) { return bfl_text_equal(bfl_text_of(a), bfl_text_of(b)); }

static bool same_issue(const bfl_issue *a, const bfl_issue *b) {
    return a->severity == b->severity && same_text(a->code, b->code) && same_text(a->source.file, b->source.file) &&
           same_text(a->column, b->column) && same_text(a->expected, b->expected) && same_text(a->action, b->action);
}

/* A table of millions of rows can hold as many problems: a page names a few of each kind and keeps the search short. */
enum { MOST_FOUND = 6, GROUPS_BACK = 64 };

/* What is known of a group while it is built. */
typedef struct group {
    const bfl_issue *first;
    uint32_t from, to; /* the run of rows not written yet */
    bfl_buf rows;
    const char *found[MOST_FOUND];
    size_t found_count, more; /* different things found; those beyond the first few are counted */
} group;
typedef BFL_LIST(group) group_list;

static void flush_rows(group *g) {
    if (g->from == 0) return;
    bfl_buf_addf(&g->rows, "%s%u", g->rows.size ? ", " : "", (unsigned)g->from);
    if (g->to > g->from) bfl_buf_addf(&g->rows, "%s%u", g->to == g->from + 1 ? ", " : "-", (unsigned)g->to);
    g->from = 0;
}

static void add_row(group *g, uint32_t row) {
    if (row == 0) return;
    if (g->from && row == g->to + 1) {
        g->to = row;
        return;
    }
    flush_rows(g);
    g->from = g->to = row;
}

static void add_found(group *g, const char *found) {
    if (!found || !found[0]) return;
    for (size_t i = 0; i < g->found_count; i++)
        if (strcmp(g->found[i], found) == 0) return;
    if (g->found_count < MOST_FOUND)
        g->found[g->found_count++] = found;
    else
        g->more++;
}

static const char *found_text(bfl_arena *arena, const group *g) {
    bfl_buf out = {.arena = arena};
    for (size_t i = 0; i < g->found_count; i++) bfl_buf_addf(&out, "%s%s", i ? "; " : "", g->found[i]);
    if (g->more) bfl_buf_addf(&out, "; and %zu more", g->more);
    return bfl_buf_z(&out);
}

static group *group_of(bfl_arena *arena, group_list *groups, const bfl_issue *issue) {
    for (size_t i = groups->count; i-- > 0 && groups->count - i <= GROUPS_BACK;)
        if (same_issue(groups->items[i].first, issue)) return &groups->items[i];
    group *added = BFL_PUSH(arena, groups);
    *added = (group){.first = issue, .rows = {.arena = arena}};
    return added;
}

bfl_issue_groups bfl_issue_groups_of(bfl_arena *arena, const bfl_issue *issues, size_t count) {
    group_list groups = {0};
    for (size_t i = 0; i < count; i++) {
        group *g = group_of(arena, &groups, &issues[i]);
        add_row(g, issues[i].source.row);
        add_found(g, issues[i].found);
    }
    bfl_issue_groups out = {0};
    for (int severity = BFL_ISSUE_ERROR; severity >= BFL_ISSUE_NOTE; severity--) /* what cannot be used comes first */
        for (size_t i = 0; i < groups.count; i++) {
            group *g = &groups.items[i];
            if ((int)g->first->severity != severity) continue;
            flush_rows(g);
            const char *file = g->first->source.file ? g->first->source.file : "";
            const char *where = g->rows.size ? bfl_arena_printf(arena, "%s:%s", file, bfl_buf_z(&g->rows)) : file;
            *BFL_PUSH(arena, &out) = (bfl_issue_group){g->first, where, found_text(arena, g)};
        }
    return out;
}
