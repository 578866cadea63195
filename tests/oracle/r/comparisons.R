# SPDX-License-Identifier: Apache-2.0
source("write.R")
d <- data("numbers.csv")
for (name in c("first", "rounded")) {
  x <- d[[name]]
  put(name, "summary", c(mean(x), sd(x), min(x), quantile(x, c(0.25, 0.5, 0.75)), max(x), IQR(x)))
  put(name, "quantiles", quantile(x, c(0, 0.1, 1 / 3, 0.62, 1), type = 7))
}
put("first", "mean_t", t.test(d$first, conf.level = 0.9)$conf.int)
tt <- function(case, test) {
  put("t", case, c(test$statistic, test$parameter, test$p.value, test$conf.int, test$stderr))
}
tt("welch", t.test(d$first, d$second))
tt("pooled", t.test(d$first, d$second, var.equal = TRUE))
tt("paired", t.test(d$first, d$second, paired = TRUE, conf.level = 0.99))
fit <- anova(lm(first ~ factor(group), d))
put("anova", "first", c(fit$`Sum Sq`, fit$Df, fit$`F value`[1], fit$`Pr(>F)`[1]))
for (name in c("first", "rounded")) {
  test <- kruskal.test(d[[name]], factor(d$group))
  put("kruskal", name, c(test$statistic, test$parameter, test$p.value))
}
rank_sum <- function(case, a, b) {
  test <- suppressWarnings(wilcox.test(a, b))
  put("wilcoxon", case, c(test$statistic, test$p.value))
}
rank_sum("exact", d$first, d$second)
rank_sum("exact_small", d$first[1:4], d$second[1:9])
rank_sum("ties", d$rounded[d$group < 2], d$rounded[d$group >= 2])
rank_sum("many", c(d$first, d$first + 0.0004), d$second)
finish("comparisons.csv")
