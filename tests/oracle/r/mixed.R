# SPDX-License-Identifier: Apache-2.0
source("write.R")
source("mixed_fit.R")
mixed <- function(case, formula, data, method = "REML", terms = list()) {
  p <- polished(formula, data, method)
  fit <- p$fit
  best <- p$best
  theta <- p$theta
  X <- p$X
  se <- sqrt(diag(best$cov))
  df <- fit$fixDF$X
  put(case, "estimate", best$beta)
  put(case, "se", se)
  put(case, "df", df)
  put(case, "p", 2 * pt(abs(best$beta / se), df, lower.tail = FALSE))
  put(case, "low", best$beta - qt(0.975, df) * se)
  put(case, "covariance", best$cov)
  put(case, "sd", c(sqrt(theta * best$s2), sqrt(best$s2)))
  put(case, "loglik", best$ll)
  put(case, "effect", best$b[1:6])
  for (name in names(terms)) {
    at <- terms[[name]]
    F <- drop(best$beta[at] %*% solve(best$cov[at, at], best$beta[at])) / length(at)
    table <- anova(fit, type = "marginal")
    near(F * (if (method == "ML") (nrow(X) - ncol(X)) / nrow(X) else 1), table[name, "F-value"])
    put(case, paste0("wald_", length(at), "_", at[1] - 1),
        c(F, table[name, "numDF"], table[name, "denDF"], pf(F, table[name, "numDF"], table[name, "denDF"], lower.tail = FALSE)))
  }
}
d <- data("marker.csv")
d$group <- factor(d$group)
mixed("slopes", value ~ group * week, d, terms = list(group = 2:3, `group:week` = 5:6))
mixed("slopes_ml", value ~ group * week, d, method = "ML")
d$visit <- factor(d$week)
mixed("visits", value ~ group + visit, d, terms = list(visit = 4:7))
mixed("mean", value ~ 1, d)
finish("mixed.csv")
