/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings and the lesions that a record already holds. Two rules, each with its reason in words: the same place on the scan, for
 * rows that an earlier comparison wrote; or the same side, depth and size, when one finding and one lesion alone fit each other.
 * What fits nothing, or several, gets an id of its own: a wrong match would join two lesions' histories.
 */
#include "lesion/lesion.h"

#include <math.h>
#include <string.h>

static const char SOURCE[] = "boneflare ct";

/* A lesion of the record as it was last described by the time of the follow-up. */
typedef struct known {
    const char *id, *site;
    bfl_source source; /* of its last row */
    bfl_role role;
    bfl_maybe longest_mm;
    bool has_place; /* on the baseline scan, in millimetres of the patient */
    double place_mm[3];
    bool at_baseline; /* a row of that day is there */
    size_t fitting;   /* findings that fit it by the text rule */
} known;

typedef struct matching {
    bfl_ct *ct;
    const bfl_record *record;
    int32_t baseline_day, followup_day;
    BFL_LIST(known) lesions;
    const known **taken; /* beside the findings */
} matching;

/* ---- what the record holds ---- */

static const char *const AT = "; at ", *const MM = " mm of this scan";

const char *bfl_lesion_place_note(bfl_arena *arena, const double mm[3]) {
    bfl_buf out = {.arena = arena};
    bfl_buf_add(&out, AT);
    for (int x = 0; x < 3; x++) {
        if (x) bfl_buf_add(&out, "/");
        bfl_buf_double(&out, mm[x], 1);
    }
    bfl_buf_add(&out, MM);
    return bfl_buf_z(&out);
}

static bool read_place(const char *note, double mm[3]) {
    const char *at = note ? strstr(note, AT) : NULL, *end = at ? strstr(at, MM) : NULL;
    if (!end) return false;
    bfl_text rest = {at + strlen(AT), (size_t)(end - at) - strlen(AT)};
    for (int x = 0; x < 3; x++) {
        bfl_decimal value;
        if (bfl_decimal_parse(bfl_text_split(&rest, '/'), &value, NULL)) return false;
        mm[x] = bfl_decimal_double(value);
    }
    return rest.size == 0;
}

static known *known_of(bfl_arena *arena, matching *m, const char *id) {
    for (size_t i = 0; i < m->lesions.count; i++)
        if (strcmp(m->lesions.items[i].id, id) == 0) return &m->lesions.items[i];
    known *k = BFL_PUSH(arena, &m->lesions);
    k->id = bfl_arena_text(arena, bfl_text_of(id));
    k->site = "";
    return k;
}

/* Rows come by day: the last one stands. */
static void read_row(bfl_arena *arena, matching *m, const bfl_lesion *row) {
    if (row->organ != BFL_ORGAN_BONE || !row->when.known || row->when.day > m->followup_day || !row->id || !*row->id)
        return;
    known *k = known_of(arena, m, row->id);
    if (row->site && *row->site) k->site = bfl_arena_text(arena, bfl_text_of(row->site));
    k->source = row->source;
    k->source.file = bfl_arena_text(arena, bfl_text_of(row->source.file));
    if (row->role != BFL_ROLE_NONE) k->role = row->role;
    if (row->longest_mm.present) k->longest_mm = row->longest_mm;
    if (row->when.day != m->baseline_day) return;
    k->at_baseline = true;
    if (row->source.stated && strcmp(row->source.stated, SOURCE) == 0)
        k->has_place |= read_place(row->note, k->place_mm);
}

/* ---- the same place ---- */

static double apart(const double a[3], const double b[3]) {
    return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
}

static bool is_taken(const matching *m, const known *k) {
    for (size_t n = 0; n < m->ct->finding_count; n++)
        if (m->taken[n] == k) return true;
    return false;
}

static void match_places(bfl_arena *arena, matching *m) {
    const double most = bfl_rule_double(m->ct->rulebook, BFL_NUM_CT_MATCH_PLACE__DISTANCE_MM);
    for (size_t n = 0; n < m->ct->finding_count; n++) {
        bfl_finding *f = &m->ct->findings[n];
        const known *nearest = NULL;
        for (size_t i = 0; i < m->lesions.count; i++) {
            const known *k = &m->lesions.items[i];
            if (!k->has_place || is_taken(m, k) || apart(k->place_mm, f->before_mm) > most) continue;
            if (!nearest || apart(k->place_mm, f->before_mm) < apart(nearest->place_mm, f->before_mm)) nearest = k;
        }
        if (!nearest) continue;
        m->taken[n] = nearest;
        f->match = bfl_arena_printf(arena, "the same place on the baseline scan, %d mm apart (%s:%u)",
                                    (int)lround(apart(nearest->place_mm, f->before_mm)), nearest->source.file,
                                    nearest->source.row);
    }
}

/* ---- the same side, depth and size ---- */

typedef enum side { SIDE_NONE, SIDE_LEFT, SIDE_RIGHT, SIDE_MIDDLE } side;
typedef enum depth { DEPTH_ANY, DEPTH_FRONT, DEPTH_BACK } depth;

/* Does a text hold one of the words, apart by bars, as whole words? */
static bool says(const char *text, const char *words) {
    bfl_text rest = bfl_text_of(words);
    while (rest.size) {
        const bfl_text word = bfl_text_split(&rest, '|');
        for (bfl_text left = bfl_text_of(text); left.size;) {
            size_t length = 0;
            while (length < left.size && ((left.data[length] | 32) >= 'a') && ((left.data[length] | 32) <= 'z'))
                length++;
            if (length == word.size && bfl_text_equal_nocase((bfl_text){left.data, length}, word)) return true;
            left.data += length + (length < left.size);
            left.size -= length + (length < left.size);
        }
    }
    return false;
}

/* "T5", "Th11", "L3", "C2": one to three letters that name a part of the spine, then digits. */
static bool names_vertebra(const char *site) {
    static const char *const PARTS[] = {"c", "t", "th", "d", "l"};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        const size_t length = strlen(PARTS[i]);
        if (!bfl_text_equal_nocase((bfl_text){site, strnlen(site, length)}, bfl_text_of(PARTS[i]))) continue;
        const char digit = site[length];
        if (digit >= '1' && digit <= '9') return true;
    }
    return false;
}

static side side_of(const char *site) {
    if (says(site, "left")) return SIDE_LEFT;
    if (says(site, "right")) return SIDE_RIGHT;
    const bool middle = says(site, "middle|spine|vertebra|vertebrae|sternum|manubrium|sacrum");
    return middle || names_vertebra(site) ? SIDE_MIDDLE : SIDE_NONE;
}

static depth depth_of(const char *site) {
    if (says(site, "front|sternum|manubrium")) return DEPTH_FRONT;
    return says(site, "back|spine|vertebra|vertebrae|sacrum|scapula") || names_vertebra(site) ? DEPTH_BACK : DEPTH_ANY;
}

/* "6th rib": 6. */
static int ordinal_rib(const char *z) {
    int number = 0;
    for (; *z >= '0' && *z <= '9' && number < 100; z++) number = 10 * number + (*z - '0');
    return number && *z && z[1] && strncmp(z + 2, " rib", 4) == 0 ? number : 0;
}

/* The first digits of a text as a number, 0 when it has none. */
static int first_number(const char *z) {
    int number = 0;
    while (*z && (*z < '0' || *z > '9')) z++;
    for (; *z >= '0' && *z <= '9' && number < 100; z++) number = 10 * number + (*z - '0');
    return number;
}

/* What the word that begins here names: the kind of bone and its number, 0 when it is none that has a number. */
static int numbered_bone(const char *z) {
    if (ordinal_rib(z)) return 'r' * 100 + ordinal_rib(z);
    if (strncmp(z, "rib ", 4) == 0) return first_number(z) ? 'r' * 100 + first_number(z) : 0;
    if (!names_vertebra(z)) return 0;
    const char kind = (char)(*z | 32);
    return (kind == 'd' ? 't' : kind) * 100 + first_number(z); /* D8 is T8 */
}

/* The vertebra or rib that a site names by its number, 0 when it names none. "T8", "rib 6", "6th rib". */
static int number_of(const char *site) {
    for (const char *z = site; *z; z++) {
        const bool begins = z == site || z[-1] == ' ' || z[-1] == ',' || z[-1] == '(';
        if (begins && numbered_bone(z)) return numbered_bone(z);
    }
    return 0;
}

/* Another vertebra or rib, where both sites name one. */
static bool elsewhere(const char *site, const char *other) {
    const int a = number_of(site), b = number_of(other);
    return a && b && a != b;
}

static bool fits(const matching *m, const known *k, const bfl_finding *f) {
    const side s = side_of(k->site);
    const depth d = depth_of(k->site), here = depth_of(f->place);
    if (k->has_place || !k->longest_mm.present || s == SIDE_NONE || s != side_of(f->place)) return false;
    if (f->site && elsewhere(k->site, f->site)) return false;
    if (d != DEPTH_ANY && here != DEPTH_ANY && d != here) return false;
    const double most = bfl_rule_double(m->ct->rulebook, BFL_NUM_CT_MATCH_SIZE__DIFFERENCE_FRACTION);
    const double there = bfl_decimal_double(k->longest_mm.value);
    return fabs(there - f->longest_mm) <= most * fmax(there, f->longest_mm);
}

static const char *tell_ambiguous(bfl_arena *arena, const matching *m, const bfl_finding *f) {
    bfl_buf out = {.arena = arena};
    for (size_t i = 0; i < m->lesions.count; i++) {
        const known *k = &m->lesions.items[i];
        if (fits(m, k, f) && !is_taken(m, k)) bfl_buf_addf(&out, "%s%s", out.size ? " or " : "could be ", k->id);
    }
    bfl_buf_add(&out, ": side, depth and size do not tell them apart");
    return bfl_buf_z(&out);
}

static void match_texts(bfl_arena *arena, matching *m) {
    for (size_t i = 0; i < m->lesions.count; i++)
        for (size_t n = 0; n < m->ct->finding_count; n++)
            m->lesions.items[i].fitting += !m->taken[n] && fits(m, &m->lesions.items[i], &m->ct->findings[n]);
    for (size_t n = 0; n < m->ct->finding_count; n++) {
        bfl_finding *f = &m->ct->findings[n];
        const known *only = NULL;
        size_t count = 0;
        for (size_t i = 0; i < m->lesions.count && !m->taken[n]; i++) {
            const known *k = &m->lesions.items[i];
            if (!fits(m, k, f) || is_taken(m, k)) continue;
            only = k;
            count++;
        }
        if (!count) continue;
        if (count > 1 || only->fitting > 1) {
            f->match = tell_ambiguous(arena, m, f);
            continue;
        }
        m->taken[n] = only;
        f->match =
            bfl_arena_printf(arena, "the only lesion of that side, depth and size: %s, %s mm (%s:%u)", only->site,
                             bfl_decimal_z(arena, only->longest_mm.value, 0), only->source.file, only->source.row);
    }
}

/* ---- ids ---- */

/* "ct7" of the record: the next new lesion is ct8. */
static size_t highest(const matching *m) {
    size_t most = 0;
    for (size_t i = 0; i < m->lesions.count; i++) {
        const char *z = m->lesions.items[i].id;
        size_t number = 0;
        if (strncmp(z, "ct", 2) != 0) continue;
        for (z += 2; *z >= '0' && *z <= '9' && number < 1000000; z++) number = 10 * number + (size_t)(*z - '0');
        if (!*z && number > most) most = number;
    }
    return most;
}

static void name(bfl_arena *arena, matching *m) {
    size_t next = highest(m) + 1;
    for (size_t n = 0; n < m->ct->finding_count; n++) {
        bfl_finding *f = &m->ct->findings[n];
        const known *k = m->taken[n];
        f->known = k != NULL;
        f->lesion = k ? k->id : bfl_arena_printf(arena, "ct%zu", next++);
        f->known_site = k ? k->site : "";
        f->known_target = k && k->role == BFL_ROLE_TARGET;
        f->known_at_baseline = k && k->at_baseline;
        if (!f->match) f->match = "no lesion of the record fits it";
    }
}

static bfl_status match(bfl_arena *arena, void *context, bfl_error *err) {
    matching *m = context;
    (void)err;
    for (size_t i = 0; i < m->record->lesion_count; i++) read_row(arena, m, &m->record->lesions[i]);
    m->taken = BFL_NEW_ARRAY(arena, m->ct->finding_count + 1, const known *);
    for (size_t n = 0; n < m->ct->finding_count; n++) m->ct->findings[n].match = NULL;
    match_places(arena, m);
    match_texts(arena, m);
    name(arena, m);
    return BFL_OK;
}

bfl_status bfl_ct_match(bfl_ct *ct, const bfl_record *record, int32_t baseline_day, int32_t followup_day,
                        bfl_error *err) {
    if (!ct || !record || followup_day < baseline_day)
        return bfl_fail(err, BFL_EINVAL, "", 0, "a comparison, a record and two days in order are needed");
    matching m = {.ct = ct, .record = record, .baseline_day = baseline_day, .followup_day = followup_day};
    return bfl_arena_run(ct->arena, match, &m, err);
}
