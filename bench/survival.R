# SPDX-License-Identifier: Apache-2.0
# survival.R FILE ROWS: the same data and the same two analyses as survival.c.
suppressMessages(library(survival))
arguments <- commandArgs(TRUE)
n <- as.integer(arguments[2])
d <- as.data.frame(matrix(readBin(arguments[1], "double", 6 * n), n))
names(d) <- c("time", "event", "x1", "x2", "x3", "group")
best <- function(f) min(sapply(1:3, function(i) sum(system.time(result <<- f())[c("user.self", "sys.self")])))
seconds <- best(function() coxph(Surv(time, event) ~ x1 + x2 + x3, d))
cat("cox", format(seconds, digits = 6), format(coef(result), digits = 15), "\n")
seconds <- best(function() survdiff(Surv(time, event) ~ group, d))
cat("log_rank", format(seconds, digits = 6), format(result$chisq, digits = 15), "\n")
