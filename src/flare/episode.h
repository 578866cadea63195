/* SPDX-License-Identifier: Apache-2.0 */
/* Inside flare: what the images of the bone said, study by study, and the run of studies that raised the question. */
#ifndef BFL_FLARE_EPISODE_H
#define BFL_FLARE_EPISODE_H

#include "flare/flare.h"

/* What a bone study shows. One lesion row may give several. */
typedef enum sign {
    SIGN_NEW_BLASTIC,
    SIGN_NEW_LYTIC,
    SIGN_NEW_UNSTATED,
    SIGN_SCLEROSED,
    SIGN_DENSER,
    SIGN_LARGER, /* and denser or sclerotic in the same row */
    SIGN_GREW,   /* larger and no denser; not lytic */
    SIGN_BEYOND_BONE,
    SIGN_FADING,       /* a blastic lesion without a lytic part that lost density */
    SIGN_LOST_DENSITY, /* one with a lytic part lost density, and nothing else was said of it */
    SIGN_LESS_DENSE,   /* one with a lytic part lost density and grew, or a lesion turned lytic */
    SIGN_LYTIC_LARGER, /* a lytic lesion called larger; growth of destruction was not stated */
    SIGN_LYTIC_GROWTH,
    SIGN_SOFT_MASS,
    SIGN_PROGRESSED,    /* on a scan or PET */
    SIGN_PROGRESSED_CT, /* on CT, MRI or radiography */
    SIGN_FDG_UP,
    SIGN_FDG_DOWN,
    SIGN_TRACER_UP,
    SIGN_TRACER_DOWN,
    SIGN_STABLE, /* read, and nothing of the above */
    SIGN_COUNT
} sign;

/* A row about bone in the list of lesions, and what it shows, as a set of signs. */
typedef struct bone_row {
    uint32_t index;
    unsigned signs;
} bone_row;

/* One visit's bone imaging. */
typedef struct bone_study {
    int32_t day;    /* of its last row */
    unsigned shows; /* the signs that it shows, as a set */
    const bone_row *rows;
    size_t row_count;
} bone_study;

/* The run of studies that raised the question, and what followed under the same therapy. */
typedef struct episode {
    const bone_study *studies; /* every bone study after the start of the therapy */
    size_t study_count;
    unsigned shows;     /* the signs that any of them shows */
    size_t first, last; /* first and last worse study; meaningful when `imaging` */
    size_t judged; /* the last study with new trouble or a lesion that grew, else the first worse; when `imaging` */
    bool imaging;  /* the question comes from images */
    bool serum;    /* from ALP alone */
    int32_t first_day, last_day; /* of the question */
    const bfl_therapy *therapy;  /* in force when it was first asked */
    int32_t after_day;           /* studies up to here are settled */
    int32_t therapy_day; /* of the study judged (without images of first_day), counted from the therapy's start */
} episode;

bool study_shows(const bone_study *study, sign which);
/* Does the study make the bone look worse (healing may look so too)? */
bool study_worse(const bone_study *study);
/* New lesions, destruction or a reader's "progression": more than healing lesions that go on maturing. */
bool study_new_trouble(const bone_study *study);
/* A new lesion, or growth of destruction that was stated: what a later study must show to speak of progression going on. */
bool study_goes_on(const bone_study *study);
/* New trouble, or a lesion that loses density: asks again once healing is known, and confirms none. */
bool study_asks_again(const bone_study *study);
/* May go on maturing; nothing asks again and no lesion is larger: what confirms healing. */
bool study_quiet(const bone_study *study);
/* Lesions known before that turn sclerotic or denser, and nothing else that looks worse. */
bool study_only_matures(const bone_study *study);
/* The events of one sign that still count: from studies not longer before the one judged than the rulebook's window, and not taken
 * back by a later study of the same lesion (less dense, then denser). */
const bfl_event_list *episode_events(bfl_arena *arena, const bfl_findings *findings, const episode *e, sign which);

/* What the dated rows about bone show, in their order. A row is compared with earlier ones only, so the record as known on an
 * earlier day, whose rows are the front of the same list, shows the same. */
typedef struct bone_signs {
    const bone_row *rows;
    size_t count;
    struct studies_read *last; /* the studies asked for last */
} bone_signs;
bone_signs bone_signs_of(bfl_arena *arena, const bfl_findings *findings);
/* The question open on the findings' day, looking at studies after `after_day` only; false when there is none. Once healing
 * is known (`healed`), lesions that go on maturing ask nothing. */
bool episode_find(const bfl_findings *findings, const bone_signs *signs, int32_t after_day, bool healed, episode *out);
/* Bone rows that look worse but carry no date: they cannot be placed. */
size_t undated_worse(const bfl_findings *findings);

#endif
