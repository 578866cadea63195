/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hooks: one CDS Hooks request body in, one response body out. No sockets, no clock, nothing fetched.
 *
 *   hooks.c     the public calls: memory, limits, from body to answer
 *   service.c   which services there are; the discovery document
 *   request.c   what a body must hold, and what it asks
 *   prefetch.c  is what is needed among what was sent?
 *   outcome.c   problems as an OperationOutcome
 *   feedback.c  what became of cards
 *   view.c      the cards of patient-view
 *   sign.c      the card of order-sign
 *   detail.c    the detail of a card, in Markdown
 *   offer.c     what a card offers: orders, reasons for not following it, links
 *   card.c      a card as JSON
 *   gfm.c       texts fit for Markdown and for one line
 */
#ifndef BFL_HOOKS_HOOKS_H
#define BFL_HOOKS_HOOKS_H

#include "base/base.h"
#include "format/format.h"
#include "report/report.h"
#include "rules/rules.h"
#include <boneflare/hooks.h>

struct bfl_hooks {
    bfl_arena *home;   /* holds this */
    bfl_arena *answer; /* emptied at each call */
    bfl_json_reader *json;
    const bfl_rulebook *rulebook;
    bfl_hooks_options options;
};

/* ---- service.c ---- */

typedef struct bfl_hook_service {
    const char *id, *hook;
    bfl_text_index title, description;
    bool orders; /* context.draftOrders is needed */
} bfl_hook_service;
/* NULL when there is none. */
const bfl_hook_service *bfl_hook_service_find(const char *id);

/* What the services ask for: Type?patient={{context.patientId}} under a key. */
typedef struct bfl_hook_prefetch {
    const char *key, *type;
} bfl_hook_prefetch;
extern const bfl_hook_prefetch bfl_hook_prefetches[];
extern const size_t bfl_hook_prefetch_count;

void bfl_hook_discovery_write(bfl_buf *out, const bfl_rulebook *rulebook);

/* ---- one call ---- */

/* Something wrong with the request. */
typedef struct bfl_hook_problem {
    const char *code;       /* of FHIR's issue-type: "invalid", "required" ... */
    const char *expression; /* where: "context.patientId"; "" */
    const char *text;
} bfl_hook_problem;

typedef struct bfl_hook_call {
    bfl_hooks *hooks;
    const bfl_hooks_request *request;
    bfl_arena *arena; /* of the answer */
    const bfl_hook_service *service;
    int http_status; /* 0 until it is known */
    BFL_LIST(bfl_hook_problem) problems;
    const bfl_json_node *root;
    const char *instance;        /* hookInstance */
    const char *patient;         /* context.patientId */
    const char *encounter;       /* "" */
    const bfl_json_node *orders; /* context.draftOrders */
    bool has_as_of;
    bfl_date as_of;
    BFL_LIST(bfl_fhir_tree) trees; /* the prefetch */
    const char *more_pages;        /* keys of Bundles that have further pages: "observations, conditions"; "" */
    bool others;                   /* resources of other patients were sent */
    const bfl_assessment *assessment;
    bfl_buf out; /* body of the answer */
    size_t card_count;
} bfl_hook_call;

/* Adds a problem; the first decides the status. */
void bfl_hook_refuse(bfl_hook_call *call, int http_status, const char *code, const char *expression, const char *text);

/* ---- request.c, prefetch.c, outcome.c, feedback.c ---- */

/* Parses the body; a call with problems is refused. */
void bfl_hook_parse(bfl_hook_call *call);
void bfl_hook_read_request(bfl_hook_call *call);
void bfl_hook_read_prefetch(bfl_hook_call *call);
/* {"resourceType":"OperationOutcome",...} of the problems, into call->out. */
void bfl_hook_outcome_write(bfl_hook_call *call);
void bfl_hook_read_feedback(bfl_hook_call *call, bfl_hooks_feedbacks *feedbacks);

/* A member that must be a text: "" and a problem when it is something else, or (needed) is not there. `expression` is its path. */
const char *bfl_hook_text(bfl_hook_call *call, const bfl_json_node *object, const char *expression, bool needed);
/* "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", with or without "urn:uuid:". */
bool bfl_hook_is_uuid(const char *z);
/* An object with a key twice is a problem. */
void bfl_hook_check_keys(bfl_hook_call *call, const bfl_json_node *object, const char *expression);

/* ---- cards ---- */

typedef struct bfl_hook_suggestion {
    const char *label;
    bool recommended;
    const bfl_step *step;    /* an order for it is made; NULL: none */
    const char *category;    /* of that order: "imaging", "laboratory", "procedure" */
    const char *delete_what; /* reference of the draft that is deleted; NULL: none */
    const char *description; /* of the action */
} bfl_hook_suggestion;

typedef struct bfl_hook_card {
    const char *about; /* tells the cards of one call apart */
    const char *summary, *indicator, *detail;
    BFL_LIST(bfl_hook_suggestion) suggestions;
    BFL_LIST(const char *) sources; /* citation keys: its links */
    bool overridable;               /* gives reasons for not following it */
} bfl_hook_card;

/* {"cards":[...]} of the assessment, into call->out. */
void bfl_hook_view_write(bfl_hook_call *call);
void bfl_hook_sign_write(bfl_hook_call *call);

void bfl_hook_cards_open(bfl_hook_call *call, bfl_json_writer *w);
void bfl_hook_cards_close(bfl_json_writer *w);
void bfl_hook_card_write(bfl_hook_call *call, bfl_json_writer *w, const bfl_hook_card *card);

/* offer.c: the suggestions that the next steps allow (all, or those that answer the question of the bone); a rule's citations. */
void bfl_hook_offer_steps(bfl_hook_call *call, bfl_hook_card *card, bool bone_only);
void bfl_hook_cite(bfl_hook_call *call, bfl_hook_card *card, const bfl_rule *rule);

/* detail.c: the verdict with its reasons, the alarms and what is next; `first` stands before it, "" or a sentence. Adds the
 * citations to the card. */
const char *bfl_hook_verdict_detail(bfl_hook_call *call, bfl_hook_card *card, const char *first);
const char *bfl_hook_alarm_detail(bfl_hook_call *call, bfl_hook_card *card, const bfl_alarm *alarm);

/* ---- gfm.c ---- */

/* A sentence of the rulebook with its {places} filled; pairs: name, value, ..., NULL. */
const char *bfl_hook_fill(bfl_arena *arena, const char *sentence, const char *const *pairs);
/* Text that Markdown shows as it is: no markup, no HTML, no link of its own. */
const char *bfl_hook_gfm(bfl_arena *arena, const char *z);
/* One line of fewer than 140 characters, cut with an ellipsis. */
const char *bfl_hook_line(bfl_arena *arena, const char *z);

#endif
