# SPDX-License-Identifier: Apache-2.0
# Cumulative incidence: survfit of a multi-state outcome (infinitesimal jackknife, which equals Greenwood's formula when all
# enter at 0). Gray's test: cmprsk, Gray's own program.
source("write.R")
suppressMessages({library(survival); library(cmprsk)})
for (name in c("cohort", "tied")) {
  d <- data(paste0(name, ".csv"))
  fit <- survfit(Surv(time, factor(cause, 0:2)) ~ 1, d, conf.type = "log-log")
  at <- floor(seq(1, length(fit$time), length.out = 14))
  put(name, "position", at - 1)
  put(name, "time", fit$time[at])
  put(name, "at_risk", fit$n.risk[at, 1])
  for (k in 1:2) {
    put(name, paste0("incidence_", k), fit$pstate[at, k + 1])
    put(name, paste0("se_", k), fit$std.err[at, k + 1])
    put(name, paste0("low_", k), fit$lower[at, k + 1])
    put(name, paste0("high_", k), fit$upper[at, k + 1])
  }
  for (pair in list(c("gray", ""), c("gray_strata", "stratum"))) {
    test <- if (pair[2] == "") cuminc(d$time, d$cause, d$group) else cuminc(d$time, d$cause, d$group, d[[pair[2]]])
    put(name, pair[1], t(test$Tests[, c("stat", "df", "pv")]))
  }
  two <- d$group < 2
  test <- cuminc(d$time[two], d$cause[two], d$group[two])
  put(name, "gray_two", t(test$Tests[, c("stat", "df", "pv")]))
}
finish("risks.csv")
