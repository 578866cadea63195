/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the SDTM reader: lesions as TU identifies them and TR measures them, before they become rows of the record. */
#ifndef BFL_SDTM_TUMOUR_H
#define BFL_SDTM_TUMOUR_H

#include "format/sdtm/sdtm.h"

/* A lesion of a subject, named by --LNKID. */
typedef struct tumour {
    const char *patient, *id;
    const char *site;
    bfl_role role;
    bfl_organ organ;
    bfl_modality modality;
    bfl_date identified;
    const char *note;
    bfl_source source; /* row of TU; file NULL: TR only */
    bool short_axis;   /* TR has a short axis: a lymph node, whatever the location says */
    bool judged;       /* its first size was compared with what is measurable */
} tumour;

/* What only supplemental values say of a lesion at one visit; NULL and absent = nothing. */
typedef struct finding_extra {
    const char *site, *organ, *role, *matrix, *state, *changes, *uptake, *beyond_bone, *note;
    bfl_maybe soft_tissue, slice, hu, count;
} finding_extra;

/* What TR says of a lesion at one visit by one method. */
typedef struct finding {
    tumour *t;
    bfl_builder *builder;
    const char *visit; /* "subject\x1fdate": what a sum of diameters adds up */
    bfl_date date;
    bfl_modality modality;
    bfl_lesion_state state;
    unsigned changes;
    bfl_maybe longest, diameter, perpendicular, short_axis, suv_max;
    const char *note;
    bfl_source source;
    const char *column; /* variable of the size, for messages */
    finding_extra *extra;
} finding;

/* A sum of diameters as collected. */
typedef struct collected_sum {
    sdtm_row row; /* where it stands */
    const char *visit;
    bfl_decimal mm;
} collected_sum;

typedef struct tumours {
    sdtm *s;
    names by_visit; /* "subject\x1fVISITNUM" -> bfl_date of the visit */
    names findings; /* key -> finding */
    names measured; /* "subject\x1fLNKID\x1fdate": TR has it */
    BFL_LIST(finding *) in_order;
    BFL_LIST(tumour *) identified;
    BFL_LIST(collected_sum) sums;
} tumours;

/* measure.c: --ORRES with its unit in mm; missing when it is no size. *too_small: "<5" or a word for it. */
bfl_maybe bfl_sdtm_size(const sdtm_row *w, bool *too_small);
/* sums.c: reports every collected sum that the lesions do not give. */
void bfl_sdtm_check_sums(const tumours *t);
/* sums.c: reports a target whose first size is below what RECIST 1.1 calls measurable. */
void bfl_sdtm_check_measurable(const tumours *t);
/* The size that counts: short axis of a node, longest diameter of anything else. */
bfl_maybe bfl_sdtm_counted_mm(const finding *f);

#endif
