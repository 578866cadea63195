# SPDX-License-Identifier: Apache-2.0
source("write.R")
suppressMessages(library(survival))
tight <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 60)
cox <- function(case, formula, data, ties = "efron", zph = c("identity", "km", "log")) {
  fit <- coxph(formula, data, ties = ties, control = tight, x = TRUE)
  s <- summary(fit)
  put(case, "coefficient", coef(fit))
  put(case, "se", s$coefficients[, "se(coef)"])
  put(case, "z", s$coefficients[, "z"])
  put(case, "p", s$coefficients[, "Pr(>|z|)"])
  put(case, "interval", t(s$conf.int[, c("exp(coef)", "lower .95", "upper .95"), drop = FALSE]))
  put(case, "variance", vcov(fit))
  put(case, "loglik", fit$loglik)
  put(case, "tests", c(s$logtest[c("test", "df", "pvalue")],
                       s$sctest[c("test", "df", "pvalue")]))
  # summary() rounds the Wald test
  wald <- drop(coef(fit) %*% solve(vcov(fit), coef(fit)))
  put(case, "wald", c(wald, length(coef(fit)), pchisq(wald, length(coef(fit)), lower.tail = FALSE)))
  for (transform in zph) {
    z <- cox.zph(fit, transform = transform)
    if (ncol(fit$y) == 3) { # (start, stop] data: cox.zph lists tied events in reversed order of input; put them in order
      istrat <- if (is.null(z$strata)) rep(1, nrow(fit$y)) else as.integer(factor(data$stratum))
      index <- rev(order(-istrat, -fit$y[, 2]))
      index <- index[fit$y[index, 3] == 1]
      sorted <- order(istrat[index], fit$y[index, 2], index)
      z$time <- z$time[sorted]
      z$x <- z$x[sorted]
      z$y <- z$y[sorted, , drop = FALSE]
    }
    put(case, paste0("zph_", transform), t(z$table))
    at <- floor(seq(1, length(z$time), length.out = 6))
    put(case, paste0("zph_", transform, "_at"), at - 1)
    put(case, paste0("zph_", transform, "_g"), z$x[at])
    put(case, paste0("zph_", transform, "_y"), t(z$y[at, , drop = FALSE]))
  }
}
for (name in c("cohort", "tied")) {
  d <- data(paste0(name, ".csv"))
  d$event <- d$cause == 1
  cox(paste0(name, "_efron"), Surv(time, event) ~ x1 + x2 + x3, d)
  cox(paste0(name, "_breslow"), Surv(time, event) ~ x1 + x2 + x3, d, ties = "breslow")
  cox(paste0(name, "_strata"), Surv(time, event) ~ x1 + x2 + x3 + strata(stratum), d)
  cox(paste0(name, "_late"), Surv(start, time, event) ~ x1 + x2 + x3 + strata(stratum), d)
  cox(paste0(name, "_one"), Surv(time, event) ~ x2, d, zph = "km")
}
d <- data("flare.csv")
cox("flare", Surv(start, time, cause == 1) ~ flared + x1 + x3, d, zph = "km")
finish("cox.csv")
