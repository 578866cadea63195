/* SPDX-License-Identifier: Apache-2.0 */
/** @file boneflare.h Everything: read a record, open the rulebook, assess, report. */
#ifndef BONEFLARE_H
#define BONEFLARE_H
#include <boneflare/base.h>
#include <boneflare/terms.h>
#include <boneflare/rules.h>
#include <boneflare/record.h>
#include <boneflare/reason.h>
#include <boneflare/volume.h>
#include <boneflare/format.h>
#include <boneflare/criteria.h>
#include <boneflare/endpoint.h>
#include <boneflare/marker.h>
#include <boneflare/sim.h>
#include <boneflare/lesion.h>
#include <boneflare/flare.h>
#include <boneflare/workup.h>
#include <boneflare/assess.h>
#include <boneflare/cohort.h>
#include <boneflare/reconcile.h>
#include <boneflare/evaluate.h>
#include <boneflare/report.h>
#include <boneflare/screen.h>
#include <boneflare/hooks.h>
#endif
