/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file lesion.h
 * What changed in the bone between two CT scans: findings that are measured and described, never judged. "Denser" may be
 * healing or progression; that is for the verdict (flare.h) to weigh with everything else.
 */
#ifndef BONEFLARE_LESION_H
#define BONEFLARE_LESION_H

#include <boneflare/base.h>
#include <boneflare/record.h>
#include <boneflare/rules.h>
#include <boneflare/volume.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bfl_ct bfl_ct;

/** What a finding looks like. */
typedef enum bfl_finding_kind {
    BFL_FINDING_NEW_SCLEROSIS, /**< dense where there was no lesion */
    BFL_FINDING_DENSER,        /**< a dense lesion that became denser or larger */
    BFL_FINDING_FILLED_IN,     /**< a lytic lesion that became dense */
    BFL_FINDING_RIM,           /**< a lytic lesion that got a dense rim */
    BFL_FINDING_OUTGROWN,      /**< new bone beyond the contour */
    BFL_FINDING_LESS_DENSE,    /**< a dense lesion that lost density */
    BFL_FINDING_LYSIS          /**< bone lost where there was no dense lesion */
} bfl_finding_kind;

/** "new_sclerosis", "denser", "filled_in", "sclerotic_rim", "outgrown", "less_dense", "lysis". Static text. */
BFL_API const char *bfl_finding_kind_word(bfl_finding_kind kind);

/** One change, on the follow-up scan unless said otherwise. */
typedef struct bfl_finding {
    bfl_finding_kind kind;
    const char *id;      /**< "ct1", by rank */
    const char *words;   /**< "new sclerosis at a site without a lesion before, 14 mm" */
    const char *place;   /**< "left, back, 132 mm below the top of the scan" */
    const char *site;    /**< "T8 vertebral body", "left rib 6, posterior", "sacrum"; "bone, unlabelled" */
    bool labelled;       /**< false: "bone, unlabelled" */
    double centre_mm[3]; /**< patient coordinates: to the left, the back, the head */
    double before_hu, after_hu, change_hu; /**< means over the change; `before` has the offset of the scans taken off */
    double change_p90_hu;                  /**< 90th percentile of the change, in its direction */
    double volume_mm3;
    double longest_mm;            /**< in space */
    double axial_mm;              /**< the longest in one slice */
    double beyond_mm, beyond_mm3; /**< of a denser one: farthest beyond the contour before, and how much lies there */
    double jacobian;  /**< local volume before over after by the registration: far from 1, growth may be hidden in it */
    double misfit_mm; /**< how far off the unchanged bone around it lies; below 0: too little to tell */
    bool doubtful;    /**< farther than rule ct.fit.doubtful allows; the words say so */
    double score;     /**< rank: strength over noise, less for what is thin */
    double before_mm[3]; /**< the same place on the baseline scan, patient coordinates */
    const char
        *lesion; /**< id of the lesion in lesions.csv: of the record when it is matched (bfl_ct_match), else `id` */
    bool known;  /**< matched to a lesion of the record */
    const char *match;      /**< why, or why not; "" when there was no record to look into */
    const char *known_site; /**< site of that lesion as the record says; "" */
    bool known_target;      /**< it is a target there */
    bool known_at_baseline; /**< the record has a row of it on the day of the baseline */
} bfl_finding;

/** How well the scans lie on each other. */
typedef struct bfl_ct_fit {
    double overlap;          /**< share of the follow-up's bone that the baseline covers */
    double correlation;      /**< in bone and around it: what decides whether the scans can be compared */
    double bone_correlation; /**< in bone alone; bone that changed lowers it too */
    double bone_dice;        /**< over 200 HU */
    double bone_error_hu;    /**< mean absolute difference in bone */
    double offset_hu;        /**< how much denser unchanged bone looks at follow-up */
    double noise_hu;         /**< standard deviation of the difference in unchanged bone */
    double bent_mm; /**< farthest that the deformation alone moved bone from a stiff motion, on average around a place;
                                  bone is held stiff where it is over 0.5 mm */
    double held_share; /**< of the places at bone where it was */
    double
        misfit_mm; /**< how far off unchanged bone still lies (the shift that would fit best): median over places in bone */
    double misfit_p95_mm; /**< 95th percentile */
    double misfit_share;  /**< of the places that lie farther off than rule ct.fit.doubtful allows */
    size_t misfit_places; /**< how many were looked at; 0: none could be */
    /** When all that is dense does not lie well, noise or vessels with contrast agent may hide that the bones do: `correlation` then
     * is of the bones alone, with noise allowed for; this is what it was before. The same as `correlation` otherwise. */
    double seen_correlation;
    double scan_noise_hu
        [2]; /**< then: standard deviation in muscle of the follow-up, of the baseline moved onto it; else 0 */
} bfl_ct_fit;

typedef struct bfl_ct_options {
    size_t struct_size;
    uint32_t threads;                               /**< 0 = processors */
    const bfl_rulebook *rulebook;                   /**< needed */
    double least_score;                             /**< 0 = the rulebook's */
    void (*stage)(void *context, const char *what); /**< called on the calling thread when a stage begins; NULL = not */
    void *stage_context;
    bool no_lungs; /**< do not look at the lungs */
    bool
        allow_patient_mismatch; /**< compare although the scans name two patients; text, JSON, page, rows and DICOM say so */
    const bfl_scan
        *labels; /**< NULL, or what bone each voxel of the baseline is: a map by TotalSegmentator 2, task "total" (117
                                 classes), on the baseline's voxels. It names the findings' sites instead of what is found here */
    const bfl_date
        *baseline_date; /**< NULL, or the day as the caller knows it: it stands instead of the header's, and a
                                        note says so where they differ */
    const bfl_date *followup_date; /**< likewise */
    const char *
        key; /**< NULL, or what bfl_ct_key() told: under it registration is kept, so that an interrupted run can go on */
    bfl_text kept; /**< what `keep` was given by an earlier run; anything else is looked at and not used */
    bfl_sink
        keep; /**< given all of it once when registration is done; write NULL = not. BFL_EIO when it returns false */
} bfl_ct_options;

/**
 * Compares two scans of one patient. Same bytes at any number of threads. Refused: scans that name two patients (number, name, date
 * of birth or sex differ), a follow-up older than the baseline, and bones that do not lie on each other.
 * @return BFL_OK, also when the scans could not be compared: bfl_ct_refused() then says why. BFL_EINVAL, BFL_ENOMEM, BFL_EIO (`keep`)
 */
BFL_API BFL_MUST_USE bfl_status bfl_ct_compare(const bfl_scan *baseline, const bfl_scan *followup,
                                               const bfl_ct_options *options, bfl_ct **out, bfl_error *err);
/**
 * A name for everything that a comparison depends on: the voxels, places, dates and notes of both scans, the rules, the score, the
 * version, and `more` (what the caller adds). The same key, the same results.
 * @param out 32 hexadecimal digits and a NUL
 */
BFL_API BFL_MUST_USE bfl_status bfl_ct_key(const bfl_scan *baseline, const bfl_scan *followup,
                                           const bfl_ct_options *options, const char *more, char out[33]);
/** Where the registration came from. It is the same either way. */
typedef enum bfl_ct_registration {
    BFL_CT_REGISTERED,    /**< found by this comparison */
    BFL_CT_TAKEN_OVER,    /**< read from `kept` */
    BFL_CT_KEPT_NOT_USED, /**< found by this comparison: `kept` is damaged, cut off or of another key */
} bfl_ct_registration;
BFL_API bfl_ct_registration bfl_ct_registration_of(const bfl_ct *ct);
/** Why there are no findings, in words; NULL when the scans were compared. */
BFL_API const char *bfl_ct_refused(const bfl_ct *ct);
/** What is known of either scan. Valid as long as the comparison. */
BFL_API const bfl_scan_info *bfl_ct_scan(const bfl_ct *ct, bool followup);
/** Are the scans of one patient, as far as their headers tell? */
typedef enum bfl_ct_same_patient {
    BFL_CT_PATIENT_UNKNOWN, /**< neither number nor name is in both: not checked, and a note says so */
    BFL_CT_PATIENT_SAME,    /**< what both tell agrees */
    BFL_CT_PATIENT_OTHER    /**< something differs: refused, unless `allow_patient_mismatch` */
} bfl_ct_same_patient;
typedef struct bfl_ct_patient {
    bfl_ct_same_patient agree;
    const char *told; /**< what both headers tell, "number, name and date of birth"; "" nothing. No identifier itself */
    const char *other; /**< what of it differs; "" */
} bfl_ct_patient;
/** Valid as long as the comparison. */
BFL_API const bfl_ct_patient *bfl_ct_patient_of(const bfl_ct *ct);
/** The rules it was made by. */
BFL_API const bfl_rulebook *bfl_ct_rules(const bfl_ct *ct);
/** Does the slice thickness limit what can be seen? */
BFL_API bool bfl_ct_limited(const bfl_ct *ct);
BFL_API const bfl_ct_fit *bfl_ct_fit_of(const bfl_ct *ct);
BFL_API size_t bfl_ct_finding_count(const bfl_ct *ct);
/** Round marks in the lungs, by their shape alone: nodules, and what looks like them (vessels end on, branching ones). */
typedef struct bfl_ct_lungs {
    double litres; /**< of lung that was looked at, 4 mm from its border; 0: no lungs in view, or not asked for */
    size_t marks;  /**< of about 3 mm or more */
    double per_litre;
    double
        randomness; /**< mean distance to the nearest mark over that of places drawn at random: about 1 when scattered, less when
                             in groups; 0: fewer than two */
    double upper_share;   /**< of the marks, in the upper half of the lungs */
    double pleural_share; /**< of the marks, within 10 mm of the lungs' border (the outermost 4 mm are not looked at) */
    double pleural_volume; /**< the same of the lung that was looked at: what chance would give */
    bool miliary;          /**< many, and spread as by chance: rule ct.lung.miliary. A pattern, no diagnosis */
} bfl_ct_lungs;
/** Of the baseline or the follow-up. */
BFL_API const bfl_ct_lungs *bfl_ct_lungs_of(const bfl_ct *ct, bool followup);
/** By rank; NULL past the end. */
BFL_API const bfl_finding *bfl_ct_finding(const bfl_ct *ct, size_t index);
/** NULL is allowed. */
BFL_API void bfl_ct_free(bfl_ct *ct);

/**
 * Looks for the findings among the lesions in bone that a record holds by the day of the follow-up, and gives the others ids that
 * the record does not use. Two rules: the same place, for rows that an earlier comparison wrote of this baseline; or the only
 * finding and the only lesion of one side, depth and size (docs/ct.md). The reason is in bfl_finding.match.
 * @param baseline_day, followup_day days of the record (bfl_when)
 * @return BFL_OK, BFL_EINVAL, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_ct_match(bfl_ct *ct, const bfl_record *record, int32_t baseline_day,
                                             int32_t followup_day, bfl_error *err);

/** Who and when, for the rows of a case folder. Days are written as in a case folder: 2019-04-04, d41. */
typedef struct bfl_ct_rows {
    size_t struct_size;
    const char *patient, *baseline_date, *followup_date;
    bool confirmed; /**< a reader has looked at the findings: their state is "measured" instead of "equivocal" */
} bfl_ct_rows;
/** lesions.csv: two rows a finding, before and now, as a case folder holds them; with the source "boneflare ct". Until a reader
 * has confirmed them their state is "equivocal" (possible, not certain), so that no verdict rests on a mark alone. */
BFL_API BFL_MUST_USE bfl_status bfl_ct_write_rows(const bfl_ct *ct, const bfl_ct_rows *rows, bfl_sink sink,
                                                  bfl_error *err);
/** For a terminal. */
BFL_API BFL_MUST_USE bfl_status bfl_ct_write_text(const bfl_ct *ct, bfl_sink sink, bfl_error *err);
/** Everything as JSON. */
BFL_API BFL_MUST_USE bfl_status bfl_ct_write_json(const bfl_ct *ct, bfl_sink sink, bfl_error *err);

/** The images that can be written. */
typedef enum bfl_ct_image {
    BFL_CT_CHANGE,          /**< HU after minus before on the follow-up's working grid, 0 outside bone */
    BFL_CT_FINDINGS,        /**< 1 + rank of the finding of each voxel, on the same grid */
    BFL_CT_BASELINE,        /**< the baseline moved onto the follow-up's voxels */
    BFL_CT_BONE,            /**< the follow-up's bone, on the working grid */
    BFL_CT_BASELINE_COARSE, /**< HU of the moved baseline on the working grid */
    BFL_CT_FOLLOWUP_COARSE  /**< HU of the follow-up on the working grid */
} bfl_ct_image;
/** As NIfTI (.nii.gz). BFL_ENOTFOUND when the scans were not compared. */
BFL_API BFL_MUST_USE bfl_status bfl_ct_write_image(const bfl_ct *ct, bfl_ct_image which, bfl_sink sink, bfl_error *err);

/** The findings as DICOM objects that refer to the follow-up's images. */
typedef enum bfl_ct_object {
    BFL_CT_SEGMENTATION,      /**< a binary Segmentation, a segment a finding */
    BFL_CT_MEASUREMENT_REPORT /**< a structured report after template TID 1500 that refers to the Segmentation */
} bfl_ct_object;
/**
 * Writes one of them, by DCMTK in a child process. UIDs depend on the findings alone, dates are those of the follow-up's study:
 * the same findings give the same bytes. Who the patient is is left out unless the scan was read with `keep_identifiers`.
 * @return BFL_OK; BFL_ENOTFOUND when the scans were not compared, the follow-up is no DICOM series with whole UIDs, or there is
 *         no finding to segment; BFL_ENOTSUP when DCMTK is missing; BFL_EIO, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_ct_write_dicom(const bfl_ct *ct, bfl_ct_object which, bfl_sink sink,
                                                   bfl_error *err);
/** Can the findings be written as DICOM: is the follow-up a DICOM series whose images can be referred to? */
BFL_API bool bfl_ct_has_origin(const bfl_ct *ct);

/* ---- pairs whose truth is known ---- */

/** Two scans made from one: lesions are put into the second, in which the body lies differently. */
typedef struct bfl_ct_pair bfl_ct_pair;

/** The kinds of what is put in, by number: "sclerotic" (within bone), "lytic" (bone gone), "rim" (a lytic core with a dense shell),
 * "hyperostosis" (new bone on and beyond the surface). Static text; NULL past the end. */
BFL_API const char *bfl_ct_pair_kind(size_t number);

typedef struct bfl_ct_pair_options {
    size_t struct_size;
    uint64_t seed;
    uint32_t threads;     /**< 0 = processors */
    uint32_t lesions;     /**< wanted, up to 255; fewer when there is no room 28 mm apart */
    uint32_t kinds;       /**< bits 1 << number of the kind; 0 = all, which take turns */
    double radius_mm;     /**< 0 = drawn from 3 to 10 */
    double change_hu;     /**< size of the change in density; 0 = 150, 300 and 500 take turns */
    double slice_mm;      /**< of both scans; 0 = those of the scan, 2.5 in a made-up body */
    double noise_hu[2];   /**< standard deviation of what is added to baseline and follow-up */
    double blur_mm[2];    /**< a softer kernel: sigma in the slice */
    double turn_degrees;  /**< the body turns up to so much about each axis */
    double shift_mm;      /**< and shifts along it */
    double bend_mm;       /**< standard deviation of a smooth deformation */
    double joint_degrees; /**< standard deviation of how much bones turn on their own, and shift, in mm */
    double pixel_mm;      /**< of a made-up body; 0 = 0.8 */
    double length_mm;     /**< likewise; 0 = 250 */
    double contrast_hu
        [2]; /**< blood in the aorta of a made-up body, with contrast agent; from 60 to 1000, 0 = none. Up to 150 all blood
                              is alike, above the agent still comes in: veins and right heart are denser */
    double least_in_bone; /**< share of a lesion's ball that must be bone, marrow included, where it is put, but for
                               hyperostosis; 0 = 0.6, -1 = its middle is enough */
} bfl_ct_pair_options;

/**
 * Makes a pair from a scan, or from a made-up chest when `scan` is NULL. Same seed, same bytes, at any number of threads.
 * @return BFL_EINVAL (options; slices that are no whole multiple of the scan's), BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_ct_pair_make(const bfl_scan *scan, const bfl_ct_pair_options *options,
                                                 bfl_ct_pair **out, bfl_error *err);
BFL_API size_t bfl_ct_pair_lesion_count(const bfl_ct_pair *pair);
/** NULL is allowed. */
BFL_API void bfl_ct_pair_free(bfl_ct_pair *pair);

typedef enum bfl_ct_pair_image {
    BFL_CT_PAIR_BASELINE,
    BFL_CT_PAIR_FOLLOWUP,
    BFL_CT_PAIR_TRUTH /**< number of the lesion of each voxel of the follow-up, 0 = none */
} bfl_ct_pair_image;
/** As NIfTI (.nii.gz). */
BFL_API BFL_MUST_USE bfl_status bfl_ct_pair_write_image(const bfl_ct_pair *pair, bfl_ct_pair_image which, bfl_sink sink,
                                                        bfl_error *err);
/** A CSV row a lesion: kind, radius, change wanted and as it came out, volume, place in the follow-up (patient coordinates). Volume 0:
 * outside the follow-up's field of view. */
BFL_API BFL_MUST_USE bfl_status bfl_ct_pair_write_lesions(const bfl_ct_pair *pair, bfl_sink sink, bfl_error *err);
/** The true displacement, as a CSV row for each of about 20,000 places of bone: in the follow-up, and where they were in the
 * baseline (patient coordinates). */
BFL_API BFL_MUST_USE bfl_status bfl_ct_pair_write_points(const bfl_ct_pair *pair, bfl_sink sink, bfl_error *err);

#ifdef __cplusplus
}
#endif
#endif
