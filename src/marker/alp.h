/* SPDX-License-Identifier: Apache-2.0 */
/* marker, inside: what is known of one ALP rise, and the causes that it may have. */
#ifndef BFL_MARKER_ALP_H
#define BFL_MARKER_ALP_H

#include "marker/course.h"

/* A value of another analyte at the time of the rise. */
typedef struct bfl_companion {
    bfl_level level; /* UNKNOWN: not drawn then, or no range */
    bfl_maybe x_uln;
    bfl_event_list events;
    const char *text; /* "GGT 22 U/L on day 0, 0.58 x its limit" */
} bfl_companion;

/* Something seen, and the events that show it. Seen when there are events. */
typedef struct bfl_sight {
    bfl_event_list events;
    int32_t day; /* the last */
} bfl_sight;

/* What images say around one day. */
typedef struct bfl_images {
    bfl_sight bone_known, bone_clear, bone_denser, bone_hyperostosis, bone_lytic, bone_progressed, bone_worse;
    bool bone_diagnosed; /* bone_known is a diagnosis; no image shows it */
    bfl_sight liver_known, liver_clear, liver_growing, liver_shrinking;
} bfl_images;

typedef struct bfl_alp {
    bfl_serum *serum;
    bfl_course *course;
    int point;   /* index of the raised value that asks for a cause; -1 when it is only said in words */
    int32_t day; /* its day */
    bfl_event_list event;
    bool has_therapy; /* an anticancer drug therapy was running */
    int32_t start;    /* its start */
    int base;         /* index of the last value at or before the start; -1 when there is none */
    bfl_images images;
    bfl_companion alt, ast, ggt, bilirubin, calcium, balp, ctx;
    bfl_companion bone_isozyme, liver_isozyme;
    bool bone_shown; /* bone origin */
} bfl_alp;

/* A cause while points are collected. */
typedef struct bfl_cause {
    const char *id;
    bfl_decimal points_for, points_against;
    bfl_reason_list reasons_for, reasons_against;
} bfl_cause;

/* The points of the rule decide on which side it speaks: positive for, negative against. */
void bfl_cause_speak(const bfl_alp *alp, bfl_cause *cause, bfl_rule_index rule, bfl_number_index points,
                     const bfl_event_list *events, const char *format, ...) BFL_PRINTF(6, 7);
#define BFL_SPEAK(alp, cause, RULE, events, ...)                                                                \
    bfl_cause_speak((alp), (cause), BFL_RULE_MARKER_CAUSE_##RULE, BFL_NUM_MARKER_CAUSE_##RULE##__WEIGHT_POINTS, \
                    (events), __VA_ARGS__)

/* ---- image.c ---- */
/* What images say up to `after_days` after `day`; changes only when they are not much older than it either. */
bfl_images bfl_images_around(const bfl_serum *serum, int32_t day, int32_t start);
bool bfl_seen(const bfl_sight *sight);

/* ---- companion.c ---- */
/* The value of an analyte nearest to the rise, within `days` of it. */
bfl_companion bfl_companion_of(const bfl_serum *serum, const char *analyte_id, int32_t day, int32_t days);
/* At least so many times its limit? */
bool bfl_companion_reaches(const bfl_companion *companion, bfl_decimal multiple);
int32_t bfl_days_apart(int32_t a, int32_t b);

/* ---- the causes: cause_bone.c, cause_liver.c, cause_other.c ---- */
void bfl_cause_bone_healing(const bfl_alp *alp, bfl_cause *cause);
void bfl_cause_bone_progression(const bfl_alp *alp, bfl_cause *cause);
void bfl_cause_hepatocellular(const bfl_alp *alp, bfl_cause *cause);
void bfl_cause_cholestatic(const bfl_alp *alp, bfl_cause *cause);
void bfl_cause_liver_metastasis(const bfl_alp *alp, bfl_cause *cause);
void bfl_cause_drug(const bfl_alp *alp, bfl_cause *cause);
void bfl_cause_paget(const bfl_alp *alp, bfl_cause *cause);
void bfl_cause_fracture(const bfl_alp *alp, bfl_cause *cause);
void bfl_cause_tumour_isozyme(const bfl_alp *alp, bfl_cause *cause);
void bfl_cause_sepsis(const bfl_alp *alp, bfl_cause *cause);
/* Is this value above 1000 U/L on the default scale? (rule marker.alp.multiple) */
bool bfl_alp_extreme(const bfl_alp *alp);
/* What the clinical table says of an item ("fever") within days of the rise. */
bfl_said bfl_stated_around(const bfl_alp *alp, const char *item, bfl_event_list *events);
/* The last drug started of that class, or with "" of any class known to injure the liver, that was given up to the rise or
 * stopped shortly before; NULL when there is none. All of them are added to `events`. */
const bfl_therapy *bfl_suspect_drug(const bfl_alp *alp, const char *class_id, bfl_event_list *events);

#endif
