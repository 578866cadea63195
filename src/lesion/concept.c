/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bones as concepts of SNOMED CT. Vertebrae by level and ribs by number are those of the mapping that TotalSegmentator publishes
 * (totalsegmentator_snomed_mapping.csv), the others stand in the context groups of DICOM PS3.16 (Common Anatomic Regions, CID 4031).
 * What has no concept of its own is a bone, and the words say which.
 */
#include "lesion/site.h"

static const bfl_site_concept VERTEBRAE[] = {/* from L5 upward */
                                             {"49668003", "L5 vertebra", 0},  {"11994002", "L4 vertebra", 0},
                                             {"36470004", "L3 vertebra", 0},  {"14293000", "L2 vertebra", 0},
                                             {"66794005", "L1 vertebra", 0},  {"23215003", "T12 vertebra", 0},
                                             {"12989004", "T11 vertebra", 0}, {"7610001", "T10 vertebra", 0},
                                             {"82687006", "T9 vertebra", 0},  {"11068009", "T8 vertebra", 0},
                                             {"62487009", "T7 vertebra", 0},  {"45296009", "T6 vertebra", 0},
                                             {"56401006", "T5 vertebra", 0},  {"73071006", "T4 vertebra", 0},
                                             {"1626008", "T3 vertebra", 0},   {"53733008", "T2 vertebra", 0},
                                             {"64864005", "T1 vertebra", 0},  {"87391001", "C7 vertebra", 0},
                                             {"36054005", "C6 vertebra", 0},  {"36978003", "C5 vertebra", 0},
                                             {"5329002", "C4 vertebra", 0},   {"113205007", "C3 vertebra", 0},
                                             {"39976000", "C2 vertebra", 0},  {"14806007", "C1 vertebra", 0}};

static const bfl_site_concept RIBS[] = {
    {"48535007", "First rib", 0},   {"78247007", "Second rib", 0},   {"25888004", "Third rib", 0},
    {"25523003", "Fourth rib", 0},  {"15339008", "Fifth rib", 0},    {"59558009", "Sixth rib", 0},
    {"24915002", "Seventh rib", 0}, {"5953002", "Eighth rib", 0},    {"22565002", "Ninth rib", 0},
    {"77644006", "Tenth rib", 0},   {"58830002", "Eleventh rib", 0}, {"43993008", "Twelfth rib", 0}};

/* Pairs, left and right, from the humerus on. */
static const bfl_site_concept PAIRS[] = {{"85050009", "Humerus", 0},
                                         {"79601000", "Scapula", 0},
                                         {"51299004", "Clavicle", 0},
                                         {"71341001", "Femur", 0},
                                         {"22356005", "Ilium", 0}};

static bfl_site_concept on_side(bfl_site_concept concept, bool left) {
    concept.side = left ? 'L' : 'R';
    return concept;
}

bfl_site_concept bfl_site_concept_of(int code) {
    enum { HUMERUS = 69, SKULL = 91, CARTILAGE = 117 };
    static const bfl_site_concept BONE = {"272673000", "Bone", 0};
    switch (code) {
    case BFL_BONE_SACRUM: return (bfl_site_concept){"54735007", "Sacrum", 0};
    case BFL_BONE_S1: return (bfl_site_concept){"65985001", "S1 vertebra", 0};
    case SKULL: return (bfl_site_concept){"89546000", "Skull", 0};
    case BFL_BONE_STERNUM: return (bfl_site_concept){"56873002", "Sternum", 0};
    case CARTILAGE: return (bfl_site_concept){"50016007", "Costal Cartilage", 0};
    case BFL_BONE_THORACIC: return (bfl_site_concept){"122495006", "Thoracic spine", 0};
    case BFL_BONE_LUMBAR: return (bfl_site_concept){"122496007", "Lumbar spine", 0};
    case BFL_BONE_VERTEBRA: return (bfl_site_concept){"51282000", "Vertebra", 0};
    case BFL_BONE_SOME_RIB:
    case BFL_BONE_SOME_RIB + 1: return on_side((bfl_site_concept){"113197003", "Rib", 0}, code == BFL_BONE_SOME_RIB);
    case BFL_BONE_HIP_OR_FEMUR:
    case BFL_BONE_HIP_OR_FEMUR + 1: return on_side(BONE, code == BFL_BONE_HIP_OR_FEMUR);
    default: break;
    }
    if (code >= HUMERUS && code <= BFL_BONE_HIP + 1)
        return on_side(PAIRS[(code - HUMERUS) / 2], (code - HUMERUS) % 2 == 0);
    if (code >= BFL_BONE_RIB_LEFT && code < BFL_BONE_STERNUM)
        return on_side(RIBS[(code - BFL_BONE_RIB_LEFT) % 12], code < BFL_BONE_RIB_RIGHT);
    return code >= BFL_BONE_L5 && code <= BFL_BONE_C1 ? VERTEBRAE[code - BFL_BONE_L5] : BONE;
}
