/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict over days: any news may come on any day, in any order. next() says what the documents promise (docs/verdict.md);
 * table.pml says what the code does. They must agree on every input, and then:
 *   settled    from progression no way leads back to flare without a bone study that came after it;
 *   alarms     while an alarm stands, every report prints it, whatever the verdict is;
 *   exits      undetermined is left as soon as a day's answer is flare or progression, so no undetermined state is a trap.
 * -DMUTANT=n breaks one thing; the test shows that each is refuted.
 */
#include "table.pml"

#ifndef MUTANT
#define MUTANT 0
#endif

#define NONE 0
#define SUSPECTED 1
#define CONFIRMED 2
#define PROGRESSION 3
#define UNDETERMINED 4

/* answers of least loss, in the order of the table */
#define SAYS_FLARE 0
#define SAYS_PROGRESSION 1
#define SAYS_WAIT 2

#define IS_FLARE(s) (s == SUSPECTED || s == CONFIRMED)
#define ALL_FORMATS 7

byte state = NONE;
bool asked, reopened, confirmed, study;
byte answer;
bool alarm;            /* an alarm stands */
byte shown;            /* formats that print it */
bool study_since;      /* a bone study came after progression was reached */
bool was_progression;  /* progression is the last thing that was settled */
bool decisive;         /* the day is judged, and its answer is flare or progression */

inline next(before, after) {
    if
    :: !asked && !reopened -> after = before
    :: else ->
        if
        :: before == PROGRESSION && answer != SAYS_PROGRESSION ->
            if
            :: answer == SAYS_FLARE && study -> after = UNDETERMINED
            :: else -> after = PROGRESSION
            fi
        :: else ->
            if
            :: answer == SAYS_PROGRESSION -> after = PROGRESSION
            :: answer == SAYS_WAIT -> after = UNDETERMINED
            :: else -> after = (confirmed -> CONFIRMED : SUSPECTED)
            fi
        fi
    fi;
#if MUTANT == 1
    /* the code forgets that progression is left by way of undetermined */
    if :: before == PROGRESSION && answer == SAYS_FLARE && (asked || reopened) -> after = SUSPECTED :: else fi
#elif MUTANT == 2
    /* undetermined keeps itself */
    if :: before == UNDETERMINED -> after = UNDETERMINED :: else fi
#elif MUTANT == 3
    /* a symptom is enough to leave progression */
    if :: before == PROGRESSION && answer == SAYS_FLARE && (asked || reopened) -> after = UNDETERMINED :: else fi
#endif
}

/* What the code does with the same news. */
#define IN_CODE(before) \
    next_in_code[((before * 3 + answer) * 16) + (asked -> 1 : 0) + (reopened -> 2 : 0) + (confirmed -> 4 : 0) + (study -> 8 : 0)]

#if MUTANT == 5
#undef IN_CODE /* the code moves on and the model does not: an unconfirmed flare is called confirmed */
#define IN_CODE(before) (next_in_code[((before * 3 + answer) * 16) + (asked -> 1 : 0) + (reopened -> 2 : 0) + 4 + (study -> 8 : 0)])
#endif

inline any_news() {
    if :: asked = true :: asked = false fi;
    if :: reopened = true :: reopened = false fi;
    if :: confirmed = true :: confirmed = false fi;
    if :: study = true :: study = false fi;
    if :: answer = SAYS_FLARE :: answer = SAYS_PROGRESSION :: answer = SAYS_WAIT fi;
    if :: alarm = true :: alarm = false fi
}

active proctype days() {
    byte after;
    bool undetermined_kept;
    do
    :: after = NONE;
       any_news();
       next(state, after);
#if MUTANT == 0 || MUTANT == 4 || MUTANT == 5
       assert(after == IN_CODE(state));
#endif
       d_step {
           study_since = (was_progression && study -> true : study_since);
           if
           :: IS_FLARE(after) && was_progression -> assert(study_since); was_progression = false; study_since = false
           :: else
           fi;
           if
           :: after == PROGRESSION && state != PROGRESSION -> was_progression = true; study_since = false
           :: else
           fi;
           decisive = ((asked || reopened) && answer != SAYS_WAIT);
           undetermined_kept = (decisive && state == UNDETERMINED && after == UNDETERMINED);
           state = after;
           shown = alarm_printed[state];
#if MUTANT == 4
           if :: state == CONFIRMED -> shown = 0 :: else fi;
#endif
       }
       assert(!alarm || shown == ALL_FORMATS);
       assert(!undetermined_kept)
    od
}

/* From progression on no flare, until a bone study has come. */
ltl settled { [] (was_progression -> ((!IS_FLARE(state)) W study_since)) }
/* Where decisive answers keep coming, undetermined does not last. */
ltl exits { ([]<> decisive) -> ([] (state == UNDETERMINED -> <> (state != UNDETERMINED))) }
