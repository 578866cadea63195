/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare ct-phantom: two scans with known lesions and known motion, and the truth about them beside. */
#include "cli.h"

#include <getopt.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "Usage: boneflare ct-phantom [SCAN] --out DIR [OPTION...]\n"
    "\n"
    "Makes two scans from one: the follow-up has lesions, and the body lies differently in it. What was put in and "
    "how\n"
    "every bone moved is written beside them, so that 'boneflare ct' and other programs can be held against it. SCAN "
    "is\n"
    "anything that 'boneflare ct' reads; without it a chest is made up. DIR must not be there, or be empty. The same\n"
    "options give the same bytes on any number of threads.\n"
    "\n"
    "  --out DIR          the folder to make: baseline.nii.gz, followup.nii.gz, truth.nii.gz (lesion of each voxel of "
    "the\n"
    "                     follow-up), lesions.csv, points.csv (bone of the follow-up and where it was in the "
    "baseline)\n"
    "  --seed S           a whole number; default 0\n"
    "  --lesions N        up to 255; default 40; fewer when there is no room 28 mm apart\n"
    "  --kinds LIST       of sclerotic,lytic,rim,hyperostosis; default all, in turns\n"
    "  --radius MM        of all lesions, up to 20; default: drawn from 3 to 10\n"
    "  --change HU        of all lesions, up to 1000; default: 150, 300 and 500 in turns (lytic 150 and 250)\n"
    "  --in-bone PERCENT  of a lesion's ball at least so much is bone, marrow included, where it is put (not asked of\n"
    "                     hyperostosis); 0: its middle is enough; default 60\n"
    "  --slice MM         thickness of both scans' slices, a whole multiple of SCAN's; default SCAN's, or 2.5\n"
    "  --noise HU         added to both, standard deviation; default 12\n"
    "  --followup-noise HU  added to the follow-up; default as --noise\n"
    "  --blur MM          a softer kernel for the follow-up: sigma in the slice; default 0\n"
    "  --turn DEGREES     the body turns up to so much about each axis; default 4\n"
    "  --shift MM         and shifts up to so much along it; default 12\n"
    "  --bend MM          standard deviation of a smooth deformation; default 3.5\n"
    "  --joints DEGREES   standard deviation of how much parts of the skeleton turn on their own; default 0.5\n"
    "  --contrast HU      contrast agent in both scans of a made-up chest: blood in the aorta, from 60 to 1000; above "
    "150\n"
    "                     veins and right heart are denser still; default none\n"
    "  --followup-contrast HU  in the follow-up, 0 for none; default as --contrast\n"
    "  --pixel MM         of a made-up chest, from 0.4; default 0.8\n"
    "  --length MM        of a made-up chest, up to 600; default 250\n"
    "  --threads N        default as many as there are processors\n"
    "  --help             this text\n"
    "\n"
    "Exit code: 0 done; 2 wrong command line; 3 a file cannot be read or written; 4 out of memory.\n"
    "\n"
    "Example:\n"
    "  boneflare ct-phantom --out pair --seed 7 && boneflare ct pair/baseline.nii.gz pair/followup.nii.gz\n";

enum { MOST_THREADS = 256, FILES = 5 };

typedef struct command {
    const char *scan, *out;
    bfl_ct_pair_options options;
    bool followup_noise, followup_contrast;
    bfl_ct_pair *pair;
} command;

/* ---- the command line ---- */

static int read_kinds(const char *value, uint32_t *kinds) {
    for (const char *from = value; *from;) {
        const size_t length = strcspn(from, ",");
        const char *word;
        size_t kind = 0;
        while ((word = bfl_ct_pair_kind(kind)) && (strlen(word) != length || strncmp(word, from, length) != 0)) kind++;
        if (!word) return cli_usage("ct-phantom", "--kinds %s: it takes sclerotic, lytic, rim and hyperostosis", value);
        *kinds |= 1U << kind;
        from += length + (from[length] == ',');
    }
    return CLI_OK;
}

static int read_size(const char *option, const char *value, double least, double most, double *out) {
    bfl_decimal d;
    const bool good = bfl_decimal_parse(bfl_text_of(value), &d, NULL) == BFL_OK;
    *out = good ? bfl_decimal_double(d) : 0;
    if (good && *out >= least && *out <= most) return CLI_OK;
    return cli_usage("ct-phantom", "--%s %s: it takes a number from %d to %d%s", option, value, (int)least, (int)most,
                     least > 0 && least < 1 ? ", at least 0.4" : "");
}

static int read_in_bone(const char *value, double *share) {
    const int status = read_size("in-bone", value, 0, 100, share);
    *share = *share > 0 ? *share / 100 : -1;
    return status;
}

static int read_option(command *c, int option, const char *value) {
    bfl_ct_pair_options *o = &c->options;
    uint64_t n = 0;
    switch (option) {
    case 'o': c->out = value; return CLI_OK;
    case 'k': return read_kinds(value, &o->kinds);
    case 'r': return read_size("radius", value, 1, 20, &o->radius_mm);
    case 'c': return read_size("change", value, 1, 1000, &o->change_hu);
    case 'i': return read_in_bone(value, &o->least_in_bone);
    case 's': return read_size("slice", value, 0.4, 20, &o->slice_mm);
    case 'n': return read_size("noise", value, 0, 500, &o->noise_hu[0]);
    case 'N': c->followup_noise = true; return read_size("followup-noise", value, 0, 500, &o->noise_hu[1]);
    case 'b': return read_size("blur", value, 0, 3, &o->blur_mm[1]);
    case 'T': return read_size("turn", value, 0, 15, &o->turn_degrees);
    case 'S': return read_size("shift", value, 0, 60, &o->shift_mm);
    case 'B': return read_size("bend", value, 0, 20, &o->bend_mm);
    case 'j': return read_size("joints", value, 0, 10, &o->joint_degrees);
    case 'g': return read_size("contrast", value, 60, 1000, &o->contrast_hu[0]);
    case 'G':
        c->followup_contrast = true;
        if (strcmp(value, "0") == 0) return CLI_OK;
        return read_size("followup-contrast", value, 60, 1000, &o->contrast_hu[1]);
    case 'p': return read_size("pixel", value, 0.4, 10, &o->pixel_mm);
    case 'L': return read_size("length", value, 20, 600, &o->length_mm);
    case 't':
        if (!cli_number(value, 1, MOST_THREADS, &n))
            return cli_usage("ct-phantom", "--threads %s: a number from 1 to %d", value, MOST_THREADS);
        o->threads = (uint32_t)n;
        return CLI_OK;
    case 'l':
        if (!cli_number(value, 0, UINT8_MAX, &n))
            return cli_usage("ct-phantom", "--lesions %s: a whole number from 0 to %d", value, UINT8_MAX);
        o->lesions = (uint32_t)n;
        return CLI_OK;
    default: break;
    }
    if (!cli_number(value, 0, 999999999999, &n))
        return cli_usage("ct-phantom", "--seed %s: a whole number from 0 to 999999999999", value);
    o->seed = n;
    return CLI_OK;
}

static int read_arguments(command *c, int argc, char **argv) {
    static const struct option options[] = {{"out", required_argument, NULL, 'o'},
                                            {"seed", required_argument, NULL, 'e'},
                                            {"lesions", required_argument, NULL, 'l'},
                                            {"kinds", required_argument, NULL, 'k'},
                                            {"radius", required_argument, NULL, 'r'},
                                            {"change", required_argument, NULL, 'c'},
                                            {"in-bone", required_argument, NULL, 'i'},
                                            {"slice", required_argument, NULL, 's'},
                                            {"noise", required_argument, NULL, 'n'},
                                            {"followup-noise", required_argument, NULL, 'N'},
                                            {"blur", required_argument, NULL, 'b'},
                                            {"turn", required_argument, NULL, 'T'},
                                            {"shift", required_argument, NULL, 'S'},
                                            {"bend", required_argument, NULL, 'B'},
                                            {"joints", required_argument, NULL, 'j'},
                                            {"contrast", required_argument, NULL, 'g'},
                                            {"followup-contrast", required_argument, NULL, 'G'},
                                            {"pixel", required_argument, NULL, 'p'},
                                            {"length", required_argument, NULL, 'L'},
                                            {"threads", required_argument, NULL, 't'},
                                            {NULL, 0, NULL, 0}};
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == '?') return cli_usage("ct-phantom", "there is no option '%s'", argv[optind - 1]);
        if (option == ':') return cli_usage("ct-phantom", "%s needs a value", argv[optind - 1]);
        int status = read_option(c, option, optarg);
        if (status != CLI_OK) return status;
    }
    if (argc - optind > 1) return cli_usage("ct-phantom", "it takes one scan, or none");
    if (argc - optind == 1) c->scan = argv[optind];
    if (!c->followup_noise) c->options.noise_hu[1] = c->options.noise_hu[0];
    if (!c->followup_contrast) c->options.contrast_hu[1] = c->options.contrast_hu[0];
    if (c->scan && (c->options.contrast_hu[0] > 0 || c->options.contrast_hu[1] > 0))
        return cli_usage("ct-phantom", "--contrast is for a made-up chest: give no scan");
    return c->out ? CLI_OK : cli_usage("ct-phantom", "it needs --out DIR");
}

/* ---- the folder: made beside its place under another name, renamed when it is whole ---- */

static const char *const NAMES[FILES] = {"baseline.nii.gz", "followup.nii.gz", "truth.nii.gz", "lesions.csv",
                                         "points.csv"};

static bfl_status write_part(const command *c, int part, bfl_sink sink, bfl_error *err) {
    switch (part) {
    case 0: return bfl_ct_pair_write_image(c->pair, BFL_CT_PAIR_BASELINE, sink, err);
    case 1: return bfl_ct_pair_write_image(c->pair, BFL_CT_PAIR_FOLLOWUP, sink, err);
    case 2: return bfl_ct_pair_write_image(c->pair, BFL_CT_PAIR_TRUTH, sink, err);
    case 3: return bfl_ct_pair_write_lesions(c->pair, sink, err);
    default: return bfl_ct_pair_write_points(c->pair, sink, err);
    }
}

static int cannot_write(const char *path) {
    (void)fprintf(stderr, "boneflare ct-phantom: %s: cannot be written\n", path);
    return CLI_INPUT;
}

static int fill_folder(const command *c, const char *folder) {
    for (int part = 0; part < FILES; part++) {
        char path[8192];
        bfl_error err = {.status = BFL_OK};
        (void)snprintf(path, sizeof path, "%s/%s", folder, NAMES[part]);
        FILE *stream = fopen(path, "wb");
        if (!stream) return cannot_write(c->out);
        bfl_status status = write_part(c, part, cli_sink(stream), &err);
        const bool whole = fclose(stream) == 0;
        if (status) return cli_fail("ct-phantom", &err);
        if (!whole) return cannot_write(c->out);
        cli_progress("files", (size_t)part + 1, FILES);
    }
    return CLI_OK;
}

static void remove_folder(const char *folder) {
    for (int part = 0; part < FILES; part++) {
        char path[8192];
        (void)snprintf(path, sizeof path, "%s/%s", folder, NAMES[part]);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

static int make_folder(const command *c) {
    char folder[4096];
    const int length = snprintf(folder, sizeof folder, "%s.%ld.tmp", c->out, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof folder || mkdir(folder, 0777) != 0) return cannot_write(c->out);
    int code = fill_folder(c, folder);
    cli_progress_end();
    if (code == CLI_OK && rename(folder, c->out) != 0) {
        (void)fprintf(stderr, "boneflare ct-phantom: %s: is there already, or cannot be made\n", c->out);
        code = CLI_INPUT;
    }
    if (code != CLI_OK) remove_folder(folder);
    return code;
}

static int make(command *c) {
    bfl_scan *scan = NULL;
    bfl_error err = {.status = BFL_OK};
    bfl_status status = c->scan ? bfl_scan_read(c->scan, NULL, &scan, &err) : BFL_OK;
    if (!status) status = bfl_ct_pair_make(scan, &c->options, &c->pair, &err);
    bfl_scan_free(scan);
    if (status) return cli_fail("ct-phantom", &err);
    int code = make_folder(c);
    if (code == CLI_OK)
        code = printf("%s: %zu lesions\n", c->out, bfl_ct_pair_lesion_count(c->pair)) < 0 ? CLI_SYSTEM : CLI_OK;
    bfl_ct_pair_free(c->pair);
    return code;
}

int cli_ct_phantom(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return fputs(help, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
    command c = {.options = {.struct_size = sizeof c.options,
                             .lesions = 40,
                             .noise_hu = {12, 12},
                             .turn_degrees = 4,
                             .shift_mm = 12,
                             .bend_mm = 3.5,
                             .joint_degrees = 0.5}};
    int status = read_arguments(&c, argc, argv);
    return status == CLI_OK ? make(&c) : status;
}
