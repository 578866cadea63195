/* SPDX-License-Identifier: Apache-2.0 */
/* A made-up spine whose levels, ribs and wings are known: what is counted, and what cannot be. */
#include "image/phantom.h"
#include "image/spine.h"
#include "lesion/site.h"

#include "test.h"

enum { LEVELS = 9, NX = 150, NY = 110 };

/* Nine vertebrae of 28 mm from below; with or without wings on the lowest, ribs from a level upward (LEVELS: none). */
typedef struct maker {
    bool wings;
    int first_rib;
    double curve; /* the spine leans to the front, in mm over its length */
    bool hard;    /* marrow below the threshold, noise, leaning to a side, and hips with a hole beside the spine */
    int process;  /* the level with a long transverse process on one side; 0: none */
    const char *expected[3]; /* of the third, the eighth vertebra, the left rib of the eighth */
} maker;

static const double MM = 1.5, PITCH = 28;

static double canal_y(const maker *m, double z) { return 105 + m->curve * sin(z / (LEVELS * PITCH) * 3.1416); }

static double middle_x(const maker *m, double z) {
    return NX * MM / 2 + (m->hard ? 0.08 * (z - LEVELS * PITCH / 2) : 0);
}

/* A hip's cortex around marrow like water, with bone before it, in the lower third. */
static bool hip_at(const maker *m, double across, double y, double z, int16_t *hu) {
    const double hole = hypot(fabs(across) - 68, y - 105);
    if (!m->hard || z > 3 * PITCH || hole > 24 || (hole > 12 && y > 105)) return false;
    *hu = hole < 8 ? 30 : hole < 12 || hole > 20 ? 500 : 112;
    return true;
}

static int16_t tissue(const maker *m, double x, double y, double z) {
    const double across = x - middle_x(m, z), back = y - canal_y(m, z), above = z - floor(z / PITCH) * PITCH;
    const int level = (int)(z / PITCH);
    const double canal = hypot(across, back), body = hypot(across / 23, (back + 27) / 16);
    if (hypot(across / 105, (y - 80) / 72) > 1) return -1000;
    int16_t hip;
    if (canal < 9) return 25;
    if (body < 1 && m->hard) return above < 5 ? 65 : 116;
    if (body < 1) return above < 5 ? 85 : above < 7 || above > 26 || body > 0.9 ? 500 : 190;
    if (hip_at(m, across, y, z, &hip)) return hip;
    if (m->process && level == m->process && across > 10 && across < 70 && fabs(back) < 5 && fabs(above - 20) < 5)
        return 450;
    if (m->hard && above > 15 && above < 26 && fabs(across) < 16 && back > -16 && back < 0) return 480; /* pedicles */
    if (canal < 14 && above > 6 && (!m->hard || (back > 0 && above > 11))) return 480;
    if (m->wings && level == 0 && fabs(across) < 50 && back < 0 && back > -32) /* with a cortex */
        return fabs(across) > 47 || back > -3 || back < -29 || above > 26 ? 600 : 150;
    if (level >= m->first_rib && fabs(above - 20) < 5 && fabs(across) >= 13) {
        const double ring = hypot(across / 92, (y - 80) / 55);
        if (back > -8 && back < 4 && fabs(across) < 72) return 450;
        if (ring > 0.93 && ring < 1.03 && y > 40 && fabs(across) >= 60) return 450;
    }
    return 45;
}

static const char *name_at(bfl_arena *arena, const bfl_anatomy *a, const maker *m, double x, double back, int level) {
    const double z = level * PITCH + 17;
    const float mm[3] = {(float)(middle_x(m, z) + x), (float)(canal_y(m, z) + back), (float)z};
    const int code = bfl_anatomy_at(a, mm);
    return bfl_site_text(arena, code, bfl_anatomy_back(a, code, mm));
}

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    const maker *m = context;
    (void)err;
    const int32_t nz = (int32_t)(LEVELS * PITCH / MM);
    const bfl_grid grid = bfl_grid_upright((int32_t[3]){NX, NY, nz}, (double[3]){MM, MM, MM}, (double[3]){0, 0, 0});
    bfl_volume *v = bfl_volume_new(arena, &grid);
    size_t at = 0;
    for (int32_t k = 0; k < nz; k++)
        for (int32_t j = 0; j < NY; j++)
            for (int32_t i = 0; i < NX; i++) v->hu[at++] = tissue(m, i * MM, j * MM, k * MM);
    if (m->hard) bfl_phantom_noise(arena, v, 5, 15);
    const bfl_skeleton s = bfl_skeleton_of(arena, 1, v, 1.5F);
    const bfl_anatomy a = bfl_anatomy_of(arena, s.image, s.bone, &s.canal);
    if (!m->wings && m->first_rib == LEVELS) /* nothing tells it from a hip */
        CHECK_INT(a.spine.level_count, 0);
    else
        CHECK(a.spine.level_count >= LEVELS && a.spine.level_count <= LEVELS + 1);
    for (size_t n = 1; n + 1 < a.spine.level_count; n++)
        CHECK_NEAR((double)(a.spine.levels[n].high_mm - a.spine.levels[n].low_mm), PITCH, 4.6);
    CHECK_INT(a.spine.rib_count, m->first_rib < LEVELS ? 2 * (LEVELS - m->first_rib) + (m->process > 0) : 0);
    CHECK_TEXT(name_at(arena, &a, m, 0, -27, 2), m->expected[0]);
    CHECK_TEXT(name_at(arena, &a, m, 0, -27, 7), m->expected[1]);
    CHECK_TEXT(name_at(arena, &a, m, 50, 0, 7), m->expected[2]);
    if (m->wings) CHECK_TEXT(name_at(arena, &a, m, -35, -15, 0), "sacrum");
    return BFL_OK;
}

static void run(maker m) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body, &m, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST(counts_from_the_sacrum) {
    run((maker){true, 6, 0, false, 0, {"L4 vertebral body", "T11 vertebral body", "left rib 11, posterior"}});
    run((maker){true, 6, -25, false, 0, {"L4 vertebral body", "T11 vertebral body", "left rib 11, lateral"}});
}

TEST(counts_from_the_last_rib) {
    run((maker){false, 6, 0, false, 0, {"L4 vertebral body", "T11 vertebral body", "left rib 11, posterior"}});
    run((maker){false, 5, 0, false, 0, {"L3 vertebral body", "T10 vertebral body", "left rib 10, posterior"}});
}

/* Marrow that is no denser than the threshold, noise, and hips with holes beside the spine: the canal is followed, not a hip. */
TEST(follows_the_canal_not_a_hip) {
    run((maker){true, 6, 0, true, 0, {"L4 vertebral body", "T11 vertebral body", "left rib 11, posterior"}});
    run((maker){true, 6, -25, true, 0, {"L4 vertebral body", "T11 vertebral body", "left rib 11, lateral"}});
}

/* What looks like a rib on one side, with no rib above it, is none: neither is the vertebra thoracic nor the last rib there. */
TEST(a_process_is_no_rib) {
    run((maker){true, 6, 0, false, 3, {"L4 vertebral body", "T11 vertebral body", "left rib 11, posterior"}});
    run((maker){false, 6, 0, false, 3, {"L4 vertebral body", "T11 vertebral body", "left rib 11, posterior"}});
}

/* Six vertebrae between the sacrum and the last rib: the two anchors do not agree. And no anchor at all. */
TEST(does_not_guess) {
    run((maker){true,
                7,
                0,
                false,
                0,
                {"lumbar vertebral body, level uncertain", "thoracic vertebral body, level uncertain",
                 "left rib, posterior, number uncertain"}});
    run((maker){false,
                0,
                0,
                false,
                0,
                {"thoracic vertebral body, level uncertain", "thoracic vertebral body, level uncertain",
                 "left rib, posterior, number uncertain"}});
    run((maker){false, LEVELS, 0, false, 0, {"bone, unlabelled", "bone, unlabelled", "bone, unlabelled"}});
}

TEST(texts_of_every_code) {
    static const struct {
        int code;
        double back;
        const char *text;
    } CASES[] = {{0, 0, "bone, unlabelled"},
                 {1, 0, "bone, unlabelled"},
                 {25, 0, "sacrum"},
                 {26, 1, "sacrum"},
                 {27, 0, "L5 vertebral body"},
                 {31, 1, "L1 posterior elements"},
                 {32, -1, "T12 vertebra"},
                 {43, 0, "T1 vertebral body"},
                 {44, 0, "C7 vertebral body"},
                 {50, 1, "C1 posterior elements"},
                 {69, 0, "left humerus"},
                 {72, 0, "right scapula"},
                 {74, 0, "right clavicle"},
                 {75, 0, "left femur"},
                 {77, 0, "left ilium"},
                 {78, 0, "right ilium"},
                 {79, 0, "bone, unlabelled"},
                 {91, 0, "skull"},
                 {92, 0.1, "left rib 1, anterior"},
                 {103, 0.5, "left rib 12, lateral"},
                 {104, 0.9, "right rib 1, posterior"},
                 {115, -1, "right rib 12"},
                 {116, 0, "sternum"},
                 {117, 0, "costal cartilage"},
                 {118, 0, "bone, unlabelled"}};
    bfl_arena *arena = bfl_arena_new();
    for (size_t n = 0; n < sizeof CASES / sizeof *CASES; n++)
        CHECK_TEXT(bfl_site_text(arena, CASES[n].code, CASES[n].back), CASES[n].text);
    bfl_arena_free(arena);
}

TEST(concepts_of_bones) {
    static const struct {
        int code;
        const char *concept, *meaning;
        char side;
    } CASES[] = {{0, "272673000", "Bone", 0},
                 {24, "272673000", "Bone", 0},
                 {25, "54735007", "Sacrum", 0},
                 {26, "65985001", "S1 vertebra", 0},
                 {27, "49668003", "L5 vertebra", 0},
                 {31, "66794005", "L1 vertebra", 0},
                 {32, "23215003", "T12 vertebra", 0},
                 {36, "11068009", "T8 vertebra", 0},
                 {43, "64864005", "T1 vertebra", 0},
                 {44, "87391001", "C7 vertebra", 0},
                 {50, "14806007", "C1 vertebra", 0},
                 {51, "272673000", "Bone", 0},
                 {68, "272673000", "Bone", 0},
                 {69, "85050009", "Humerus", 'L'},
                 {72, "79601000", "Scapula", 'R'},
                 {73, "51299004", "Clavicle", 'L'},
                 {76, "71341001", "Femur", 'R'},
                 {77, "22356005", "Ilium", 'L'},
                 {78, "22356005", "Ilium", 'R'},
                 {79, "272673000", "Bone", 0},
                 {91, "89546000", "Skull", 0},
                 {92, "48535007", "First rib", 'L'},
                 {103, "43993008", "Twelfth rib", 'L'},
                 {109, "59558009", "Sixth rib", 'R'},
                 {116, "56873002", "Sternum", 0},
                 {117, "50016007", "Costal Cartilage", 0},
                 {118, "272673000", "Bone", 0},
                 {BFL_BONE_THORACIC, "122495006", "Thoracic spine", 0},
                 {BFL_BONE_LUMBAR, "122496007", "Lumbar spine", 0},
                 {BFL_BONE_VERTEBRA, "51282000", "Vertebra", 0},
                 {BFL_BONE_SOME_RIB, "113197003", "Rib", 'L'},
                 {BFL_BONE_SOME_RIB + 1, "113197003", "Rib", 'R'},
                 {BFL_BONE_HIP_OR_FEMUR, "272673000", "Bone", 'L'},
                 {BFL_BONE_HIP_OR_FEMUR + 1, "272673000", "Bone", 'R'}};
    for (size_t n = 0; n < sizeof CASES / sizeof *CASES; n++) {
        const bfl_site_concept c = bfl_site_concept_of(CASES[n].code);
        CHECK_TEXT(c.code, CASES[n].concept);
        CHECK_TEXT(c.meaning, CASES[n].meaning);
        CHECK_INT(c.side, CASES[n].side);
    }
}

TEST_CASES(CASE(counts_from_the_sacrum), CASE(counts_from_the_last_rib), CASE(follows_the_canal_not_a_hip),
           CASE(a_process_is_no_rib), CASE(does_not_guess), CASE(texts_of_every_code), CASE(concepts_of_bones))
