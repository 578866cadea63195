# SPDX-License-Identifier: Apache-2.0
# Kappa: vcd's Kappa(), written independently of ours.
source("write.R")
suppressMessages(library(vcd))
for (pair in list(c(0, 10), c(7, 30), c(10, 10), c(1, 1), c(25, 57), c(3, 4000))) {
  case <- sprintf("%d_of_%d", pair[1], pair[2])
  put(case, "clopper_pearson", binom.test(pair[1], pair[2])$conf.int)
  put(case, "clopper_pearson_90", binom.test(pair[1], pair[2], conf.level = 0.9)$conf.int)
  put(case, "wilson", prop.test(pair[1], pair[2], correct = FALSE)$conf.int)
}
tables <- list(small = c(3, 1, 1, 3), flare = c(7, 23, 1, 29), even = c(10, 10, 10, 10), big = c(400, 350, 300, 420),
               zero = c(0, 5, 6, 9))
for (name in names(tables)) {
  m <- matrix(tables[[name]], 2, byrow = TRUE)
  put(name, "fisher", c(fisher.test(m)$p.value, fisher.test(m, alternative = "less")$p.value,
                        fisher.test(m, alternative = "greater")$p.value))
  for (correct in c(FALSE, TRUE)) {
    test <- suppressWarnings(chisq.test(m, correct = correct))
    put(name, if (correct) "yates" else "chi_square", c(test$statistic, test$parameter, test$p.value))
  }
  put(name, "mcnemar", binom.test(m[1, 2], m[1, 2] + m[2, 1])$p.value)
}
wide <- matrix(c(12, 5, 9, 3, 8, 14, 6, 6, 2, 11, 7, 10), 3, byrow = TRUE)
test <- chisq.test(wide)
put("wide", "chi_square", c(test$statistic, test$parameter, test$p.value, min(test$expected)))
readers <- list(response = c(11, 3, 1, 0, 4, 20, 5, 1, 0, 6, 30, 4, 1, 0, 3, 12), binary = c(21, 5, 3, 28))
for (name in names(readers)) {
  k <- sqrt(length(readers[[name]]))
  m <- matrix(readers[[name]], k, byrow = TRUE)
  for (weights in c("Equal-Spacing", "Fleiss-Cohen")) {
    fit <- Kappa(m, weights = weights)
    if (weights == "Equal-Spacing") put(name, "unweighted", c(fit$Unweighted, confint(fit)[1, ]))
    put(name, if (weights == "Equal-Spacing") "linear" else "quadratic", c(fit$Weighted, confint(fit)[2, ]))
  }
}
finish("proportions.csv")
