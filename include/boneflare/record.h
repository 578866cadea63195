/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file record.h
 * One patient's timeline: typed, dated, sourced events, in the order of their day. Built by a format reader, then sealed:
 * every pointer below is read-only and lives as long as the study it came from. Sealed records may be shared by threads.
 *
 * Days count from day 0, the start of the index therapy (the first anticancer drug unless the patient table says otherwise).
 */
#ifndef BONEFLARE_RECORD_H
#define BONEFLARE_RECORD_H

#include <boneflare/base.h>
#include <boneflare/terms.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where a fact was written. */
typedef struct bfl_source {
    const char *file;   /**< "labs.csv" */
    uint32_t row;       /**< 1-based line in the file (the header is line 1); 0 = the whole file */
    const char *stated; /**< the row's own "source" column, "" when empty */
} bfl_source;

/** When something happened, in days from day 0. */
typedef struct bfl_when {
    int32_t day;   /**< the day it is ordered by: the last possible day of an imprecise date */
    int32_t first; /**< first possible day */
    bool
        known; /**< false: no usable date; the event is kept, listed as an issue and not used in time-dependent rules */
    bool exact; /**< first == day */
} bfl_when;

typedef struct bfl_patient {
    const char *id;
    const char *sex;         /**< "F", "M", "" */
    bfl_date birth, death;   /**< precision NONE when not stated */
    bfl_maybe age_years;     /**< as stated */
    const char *tumour;      /**< "lung", "breast", "prostate"...; "" */
    const char *histology;   /**< "adenocarcinoma" ... */
    const char *smoking;     /**< "never", "former", "current", "" */
    const char *stage, *tnm; /**< as printed */
    int tnm_edition;         /**< 0 = not stated */
    const char *label;       /**< the truth for evaluation sets, as stated; never read by the engine */
    const char *note;
    bfl_source source;
} bfl_patient;

typedef struct bfl_therapy {
    const char *drug;      /**< as written */
    const bfl_drug *known; /**< NULL when unknown */
    const char *class_id;  /**< from the table or from `known`; "" when unknown */
    bfl_intent intent;
    bfl_when start, stop; /**< stop.known false = going on */
    const char *dose, *line, *reason_stopped, *site, *note;
    bfl_source source;
} bfl_therapy;

typedef struct bfl_lesion {
    bfl_when when;
    const char *id;   /**< the same string = the same lesion */
    const char *site; /**< "T5", "left 4th rib", as written */
    bfl_organ organ;
    bfl_role role;
    bfl_matrix matrix;
    bfl_modality modality;
    bfl_lesion_state state;
    unsigned changes; /**< set of bfl_change */
    bfl_maybe longest_mm, short_mm, soft_tissue_mm, slice_mm, hu_mean, suv_max, count;
    bfl_uptake uptake;
    bfl_said beyond_bone; /**< larger than the original bone (hyperostosis) */
    const char *note;
    bfl_source source;
} bfl_lesion;

/** Comparator written before a laboratory value. */
typedef enum bfl_comparator { BFL_EXACTLY, BFL_BELOW, BFL_ABOVE } bfl_comparator;

/** What a laboratory row says when it gives no number. */
typedef enum bfl_lab_word {
    BFL_LAB_NUMBER, /**< it gives a number */
    BFL_LAB_LOW,
    BFL_LAB_NORMAL,
    BFL_LAB_HIGH,
    BFL_LAB_FALLING,
    BFL_LAB_STABLE,
    BFL_LAB_RISING
} bfl_lab_word;

typedef struct bfl_lab {
    bfl_when when;
    const char *name;           /**< as written */
    const bfl_analyte *analyte; /**< NULL when unknown */
    const char *written;        /**< the value as written */
    bfl_lab_word word;
    bfl_comparator comparator;
    bfl_decimal value;           /**< as written, in `unit_text`; when word == BFL_LAB_NUMBER */
    const char *unit_text;       /**< as written, "" when missing */
    const bfl_unit *unit;        /**< NULL: missing or impossible for the analyte; the value is then not used */
    bfl_maybe canonical;         /**< in analyte->units[0], on the scale it was measured on */
    bfl_maybe ref_low, ref_high; /**< the row's own range, canonical unit */
    const bfl_scale *scale;      /**< from the method column or recognised from the range; NULL when not known */
    bool usable;                 /**< number, known analyte, possible unit, known date, not a rejected duplicate */
    const char *method, *note;
    bfl_source source;
} bfl_lab;

typedef struct bfl_clinical {
    bfl_when when;
    const char *
        item; /**< "ecog", "pain", "weight", "fever", "fracture", "cord_signs", "deterioration", "rash"... lower case */
    const char *value; /**< as written: "0", "improved", "none", "new", "worse", "yes" */
    bfl_maybe number;
    const char *unit, *site, *note;
    bfl_source source;
} bfl_clinical;

typedef struct bfl_molecular {
    bfl_when when;
    const char *gene, *variant, *result, *method, *specimen, *note; /**< result: "positive", "negative", "" */
    bfl_source source;
} bfl_molecular;

typedef struct bfl_pathology {
    bfl_when when;
    const char *site, *procedure, *result, *note; /**< result: "tumour", "no_tumour", "paget", "adenocarcinoma"... */
    bfl_organ organ;
    bfl_source source;
} bfl_pathology;

/** A statement somebody made about the patient (or, with patient "*", about the whole study): kept, compared, never trusted. */
typedef struct bfl_note {
    bfl_when when;
    bfl_date date; /**< as written */
    const char
        *topic; /**< "flare", "progression", "start", "first_follow_up", "response", "patients_with_markers"... */
    const char *value;
    bfl_maybe stated_day; /**< the day count the source prints for this date */
    const char *text;
    bfl_source source;
} bfl_note;

/** How much an issue matters. */
typedef enum bfl_severity {
    BFL_ISSUE_NOTE,    /**< worth knowing; everything was used */
    BFL_ISSUE_WARNING, /**< suspicious; used as written */
    BFL_ISSUE_ERROR    /**< this fact cannot be used */
} bfl_severity;

/** A problem in the data: where, what was found, what was expected, what to do. */
typedef struct bfl_issue {
    bfl_severity severity;
    const char *code;    /**< stable, "lab.unit_missing" */
    const char *patient; /**< id, or "" for the whole study */
    bfl_source source;
    const char *column;                    /**< "unit", "" when it is the row */
    const char *found, *expected, *action; /**< sentences without full stop; "" when nothing to say */
} bfl_issue;

/** What kind of event a reference points to. */
typedef enum bfl_event_kind {
    BFL_EVENT_THERAPY,
    BFL_EVENT_LESION,
    BFL_EVENT_LAB,
    BFL_EVENT_CLINICAL,
    BFL_EVENT_MOLECULAR,
    BFL_EVENT_PATHOLOGY,
    BFL_EVENT_NOTE
} bfl_event_kind;

/** A reference to an event, printed as "file:row". */
typedef struct bfl_event_ref {
    bfl_event_kind kind;
    uint32_t index;
} bfl_event_ref;

typedef struct bfl_record {
    bfl_patient patient;
    bool has_calendar;  /**< day 0 is a known civil day */
    int32_t day0_civil; /**< civil day of day 0 when has_calendar */
    const bfl_therapy *therapies;
    size_t therapy_count; /**< by start day */
    const bfl_lesion *lesions;
    size_t lesion_count; /**< by day, then lesion id, then row */
    const bfl_lab *labs;
    size_t lab_count; /**< by day, then analyte id, then row */
    const bfl_clinical *clinicals;
    size_t clinical_count;
    const bfl_molecular *moleculars;
    size_t molecular_count;
    const bfl_pathology *pathologies;
    size_t pathology_count;
    const bfl_note *notes;
    size_t note_count;
    const bfl_issue *issues;
    size_t issue_count; /**< in file and row order */
    int32_t last_day;   /**< day of the last dated event; INT32_MIN when there is none */
} bfl_record;

/** The source of an event of this record. */
BFL_API bfl_source bfl_record_source(const bfl_record *record, bfl_event_ref ref);
/** Writes "2019-04-04" when the record has a calendar, else "day 41"; returns the length. 32 bytes suffice. */
BFL_API size_t bfl_record_format_day(const bfl_record *record, int32_t day, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif
#endif
