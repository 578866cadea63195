# SPDX-License-Identifier: Apache-2.0
source("write.R")
suppressMessages(library(survival))
curve <- function(case, fit) {
  s <- summary(fit, censored = TRUE)
  at <- unique(c(1, 2, seq(5, length(s$time), length.out = 12), length(s$time)))
  at <- floor(at[at <= length(s$time)])
  put(case, "position", at - 1)
  for (column in c("time", "n.risk", "n.event", "n.censor", "surv", "std.err", "lower", "upper")) {
    put(case, column, s[[column]][at])
  }
  q <- quantile(fit, c(0.25, 0.5, 0.75, 0.9))
  put(case, "quantile", q$quantile)
  put(case, "quantile_low", q$lower)
  put(case, "quantile_high", q$upper)
  times <- c(30, 91.5, 200)
  s <- summary(fit, times = times)
  put(case, "at", c(s$surv, s$lower, s$upper))
}
km <- function(formula, data, ...) survfit(formula, data, conf.type = "log-log", ...)
for (name in c("cohort", "tied")) {
  d <- data(paste0(name, ".csv"))
  d$event <- d$cause == 1
  curve(name, km(Surv(time, event) ~ 1, d))
  curve(paste0(name, "_reverse"), km(Surv(time, !event) ~ 1, d))
  curve(paste0(name, "_late"), km(Surv(start, time, event) ~ 1, d, conf.int = 0.9))
  rank <- function(case, test) {
    observed <- if (is.matrix(test$obs)) rowSums(test$obs) else test$obs
    expected <- if (is.matrix(test$exp)) rowSums(test$exp) else test$exp
    put(case, "log_rank", c(test$chisq, length(test$n) - 1, pchisq(test$chisq, length(test$n) - 1, lower.tail = FALSE)))
    put(case, "observed", observed)
    put(case, "expected", expected)
    put(case, "variance", test$var)
  }
  rank(name, survdiff(Surv(time, event) ~ group, d))
  rank(paste0(name, "_strata"), survdiff(Surv(time, event) ~ group + strata(stratum), d))
  # With delayed entry the log-rank test is the score test of Cox's model without ties handled (exact hypergeometric variance
  # differs from Breslow's under ties), so only the expected numbers are stored: events less martingale residuals.
  fit <- coxph(Surv(start, time, event) ~ strata(stratum), d, ties = "breslow")
  put(paste0(name, "_late"), "expected", tapply(d$event - residuals(fit), d$group, sum))
}
finish("survival.csv")
