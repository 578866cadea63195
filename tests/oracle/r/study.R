# SPDX-License-Identifier: Apache-2.0
# The tables of the bundled study, from its patients, times and laboratory values (data/study_*.csv, which boneflare cohort wrote):
# every column as a whole, in the order of the rows of our table; "none" where ours has no number.
source("write.R")
source("mixed_fit.R")
suppressMessages({library(survival); library(cmprsk); library(vcd)})
patients <- data("study_patients.csv")
adtte <- data("study_adtte.csv")
adlb <- data("study_adlb.csv")
tight <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 60)
groups <- names(sort(table(factor(patients$group, sort(unique(patients$group)))), decreasing = TRUE))
columns <- function(case, table) for (name in names(table)) put(case, name, table[[name]])
all_and_groups <- function(d, f) do.call(rbind, lapply(c("all", groups), function(g) f(if (g == "all") d else d[d$group == g, ])))
time_of <- function(code) {
  t <- adtte[adtte$PARAMCD == code, ]
  d <- merge(patients, data.frame(patient = t$USUBJID, time = t$AVAL, event = t$CNSR == 0, day = t$ADY - 1, cens = t$CNSR))
  d[order(d$patient), ]
}
endpoints <- c("PFS", "OS", "TTP")
curve <- function(d, reverse = FALSE) {
  d$event <- if (reverse) !d$event else d$event
  survfit(Surv(time, event) ~ 1, d, conf.type = "log-log")
}

# ---- Kaplan-Meier ----
columns("survival", do.call(rbind, lapply(endpoints, function(e) all_and_groups(time_of(e), function(d) {
  q <- quantile(curve(d), 0.5)
  data.frame(patients = nrow(d), events = sum(d$event), median = q$quantile, low = q$lower, high = q$upper,
             followup_median = quantile(curve(d, TRUE), 0.5)$quantile)
}))))
columns("survival_curve", do.call(rbind, lapply(endpoints, function(e) all_and_groups(time_of(e), function(d) {
  s <- curve(d)
  gone <- s$surv == 1 | s$surv == 0
  data.frame(day = s$time, at_risk = s$n.risk, events = s$n.event, censored = s$n.censor, survival = s$surv,
             low = ifelse(gone, NA, s$lower), high = ifelse(gone, NA, s$upper))
}))))
columns("survival_tests", do.call(rbind, lapply(endpoints, function(e) {
  d <- time_of(e)
  s <- survdiff(Surv(time, event) ~ group, d)
  data.frame(statistic = s$chisq, df = length(s$n) - 1, p = pchisq(s$chisq, length(s$n) - 1, lower.tail = FALSE))
})))

# ---- Cox ----
cox_rows <- function(d, x) {
  X <- as.matrix(x)
  fit <- coxph(Surv(d$time, d$event) ~ X, ties = "efron", control = tight)
  s <- summary(fit)
  z <- cox.zph(coxph(as.formula(paste("Surv(time, event) ~", paste(names(x), collapse = "+"))), cbind(d[c("time", "event")], x),
                     control = tight), transform = "km")$table
  se <- sqrt(diag(vcov(fit)))
  b <- coef(fit)
  q <- qnorm(0.975)
  rbind(data.frame(patients = nrow(d), events = sum(d$event), ratio = exp(b), low = exp(b - q * se), high = exp(b + q * se),
                   coefficient = b, se = se, z = b / se, p = 2 * pnorm(abs(b / se), lower.tail = FALSE), ph_p = z[seq_along(b), "p"]),
        data.frame(patients = nrow(d), events = sum(d$event), ratio = NA, low = NA, high = NA, coefficient = NA, se = NA,
                   z = 2 * diff(fit$loglik), p = pchisq(2 * diff(fit$loglik), length(b), lower.tail = FALSE), ph_p = z["GLOBAL", "p"]))
}
columns("cox", do.call(rbind, lapply(c("PFS", "OS"), function(e) {
  d <- time_of(e)
  x <- as.data.frame(sapply(groups[-1], function(g) as.numeric(d$group == g)))
  names(x) <- paste0("g", seq_along(x))
  rbind(cox_rows(d, x),
        cox_rows(d, data.frame(age = d$age / 10, sex = as.numeric(d$sex == "M"), stage = as.numeric(d$stage == "IIIB"),
                               egfr = as.numeric(d$egfr == "positive"), bone = as.numeric(d$bone_at_baseline == "no"))))
})))

# ---- landmark ----
bone <- time_of("PFS")
bone <- bone[bone$bone_at_baseline == "yes", ]
bone$time <- bone$day
bone$flare <- !is.na(bone$flare_known_day)
late <- bone[bone$time > 84, ]
late$time <- late$time - 84
late$exposed <- !is.na(late$flare_known_day) & late$flare_known_day <= 84
split <- do.call(rbind, lapply(seq_len(nrow(bone)), function(i) {
  d <- bone[i, ]
  if (is.na(d$flare_known_day) || d$flare_known_day >= d$time) return(data.frame(start = 0, stop = d$time, event = d$event, exposed = FALSE))
  data.frame(start = c(0, d$flare_known_day), stop = c(d$flare_known_day, d$time), event = c(FALSE, d$event), exposed = c(FALSE, TRUE))
}))
one_ratio <- function(surv, x) {
  fit <- coxph(surv ~ x, ties = "efron", control = tight)
  b <- coef(fit)
  se <- sqrt(vcov(fit)[1, 1])
  q <- qnorm(0.975)
  c(exp(b), exp(b - q * se), exp(b + q * se), 2 * pnorm(abs(b / se), lower.tail = FALSE))
}
counts <- function(exposed, event) c(sum(exposed), sum(event[exposed]), sum(!exposed), sum(event[!exposed]))
logrank <- function(d, x) { s <- survdiff(Surv(d$time, d$event) ~ x)$chisq; c(s, pchisq(s, 1, lower.tail = FALSE)) }
landmark <- rbind(
  c(counts(late$exposed, late$event), one_ratio(Surv(late$time, late$event), as.numeric(late$exposed)), logrank(late, late$exposed)),
  c(counts(split$exposed, split$event), one_ratio(Surv(split$start, split$stop, split$event), as.numeric(split$exposed)), NA, NA),
  c(counts(bone$flare, bone$event), one_ratio(Surv(bone$time, bone$event), as.numeric(bone$flare)), logrank(bone, bone$flare)))
colnames(landmark) <- c("flare_n", "flare_events", "other_n", "other_events", "ratio", "low", "high", "p", "logrank", "logrank_p")
columns("landmark", as.data.frame(landmark))

# ---- forest: flare by the landmark, in subgroups ----
late$age_group <- ifelse(late$age < 65, "under 65", "65 or over")
patients$age_group <- ifelse(patients$age < 65, "under 65", "65 or over")
levels_of <- function(x) names(sort(table(factor(x, sort(unique(x)))), decreasing = TRUE))
forest_row <- function(d) {
  both <- length(unique(d$exposed)) == 2 && sum(d$event[d$exposed]) && sum(d$event[!d$exposed])
  as.data.frame(as.list(c(setNames(counts(d$exposed, d$event), c("compared_n", "compared_events", "reference_n", "reference_events")),
    setNames(if (both) one_ratio(Surv(d$time, d$event), as.numeric(d$exposed)) else rep(NA, 4), c("ratio", "low", "high", "p")))))
}
forest <- cbind(forest_row(late), interaction_p = NA)
for (v in c("sex", "age_group", "stage", "egfr", "bone_at_baseline")) {
  levels <- levels_of(patients[[v]])
  part <- do.call(rbind, lapply(levels, function(l) forest_row(late[late[[v]] == l, ])))
  p <- NA
  if (!any(is.na(part$ratio))) {
    f <- factor(late[[v]], levels)
    p <- pchisq(2 * (logLik(coxph(Surv(time, event) ~ exposed * f, late, control = tight)) -
                     logLik(coxph(Surv(time, event) ~ exposed + f, late, control = tight))), length(levels) - 1, lower.tail = FALSE)
  }
  forest <- rbind(forest, cbind(part, interaction_p = c(p, rep(NA, length(levels) - 1))))
}
columns("forest", forest[1:11, ])  # treatments after these: the same code on more rows

# ---- rates and agreement ----
rate <- function(n, of) {
  e <- binom.test(n, of)$conf.int
  w <- suppressWarnings(prop.test(n, of, correct = FALSE))$conf.int
  data.frame(n = n, of = of, percent = 100 * n / of, low = 100 * e[1], high = 100 * e[2], wilson_low = 100 * w[1], wilson_high = 100 * w[2])
}
responses <- c("CR", "PR", "SD", "PD")
columns("response", all_and_groups(patients, function(d) {
  r <- d$best_recist11_flare_note
  rows <- do.call(rbind, lapply(responses, function(x) rate(sum(r == x), nrow(d))))
  rbind(rows, rate(sum(r %in% c("CR", "PR")), nrow(d)), rate(sum(r %in% c("CR", "PR", "SD")), nrow(d)))
}))
with_bone <- patients[patients$bone_at_baseline == "yes", ]
columns("flare", all_and_groups(with_bone, function(d) rate(sum(d$stated_flare == "yes"), nrow(d))))
noted <- with_bone$best_recist11 == "PD" & with_bone$best_recist11_flare_note != "PD"
stated <- with_bone$stated_flare == "yes"
m <- table(factor(noted, c(TRUE, FALSE)), factor(stated, c(TRUE, FALSE)))
k <- Kappa(m)$Unweighted
put("agreement", "kappa", c(k["value"], sum(diag(m)) / sum(m), k["ASE"]))

# ---- onset: flare, progression, death, whichever is first ----
onset <- time_of("PFS")
ttfl <- adtte[adtte$PARAMCD == "TTFL", ]
onset <- data.frame(time = ttfl$AVAL, cause = c(1, 0, 2, 3)[ttfl$CNSR + 1], group = ttfl$GROUP)
incidence <- function(d) {
  fit <- survfit(Surv(time, factor(cause, 0:3)) ~ 1, d, conf.type = "log-log")
  naive <- survfit(Surv(time, cause == 1) ~ 1, d)
  do.call(rbind, lapply(seq_along(fit$time), function(i) do.call(rbind, lapply(1:3, function(k) {
    p <- fit$pstate[i, k + 1]
    none <- p == 0 || p == 1
    data.frame(day = fit$time[i], at_risk = fit$n.risk[i, 1], censored = fit$n.censor[i], events = fit$n.event[i, k + 1],
               incidence = p, low = if (none) NA else fit$lower[i, k + 1], high = if (none) NA else fit$upper[i, k + 1],
               naive = if (k == 1) 1 - summary(naive, fit$time[i])$surv else NA)
  }))))
}
columns("onset_curve", incidence(onset))  # of all
g <- cuminc(onset$time, onset$cause, onset$group)$Tests
put("onset_tests", "gray", g[1, c("stat", "df", "pv")])

# ---- serial markers ----
lab <- merge(adlb, patients[c("patient", "bone_at_baseline", "course")], by.x = "USUBJID", by.y = "patient")
lab$day <- ifelse(lab$ADY > 0, lab$ADY - 1, lab$ADY)
lab <- lab[lab$bone_at_baseline == "yes", ]
lab <- lab[lab$USUBJID %in% lab$USUBJID[lab$day > 0], ]
lab$percent <- 100 * lab$AVAL / lab$BASE
lab$visit <- ifelse(lab$day <= 0, 0, floor((lab$day + 10) / 21))
lab <- lab[lab$day > 0 | lab$ABLFL == "Y", ]
lab <- lab[order(lab$PARAMCD, lab$USUBJID, lab$visit, abs(lab$day - 21 * lab$visit), lab$day), ]
nearest <- lab[!duplicated(lab[c("PARAMCD", "USUBJID", "visit")]), ]
lines <- c("flare", "benefit", "progression")
visits <- 0:max(nearest$visit)
take <- function(code, line, visit) nearest$percent[nearest$PARAMCD == code & nearest$course == line & nearest$visit == visit]
every <- expand.grid(visit = visits, line = lines, code = c("ALP", "CA"), stringsAsFactors = FALSE)
columns("markers", do.call(rbind, lapply(seq_len(nrow(every)), function(i) {
  x <- take(every$code[i], every$line[i], every$visit[i])
  q <- if (length(x)) c(quantile(x, c(0.5, 0.25, 0.75)), mean(x), sd(x), min(x), max(x)) else rep(NA, 7)
  data.frame(day = 21 * every$visit[i], n = length(x), median = q[1], q1 = q[2], q3 = q[3], mean = q[4], sd = q[5], least = q[6],
             most = q[7])
})))
t_row <- function(a, b, equal) {
  if (length(a) < 2 || length(b) < 2) return(data.frame(n = length(a) + length(b), difference = NA, low = NA, high = NA, statistic = NA, p = NA))
  t <- t.test(a, b, var.equal = equal)
  data.frame(n = length(a) + length(b), difference = mean(a) - mean(b), low = t$conf.int[1], high = t$conf.int[2],
             statistic = t$statistic, p = t$p.value)
}
pairs <- list(c(1, 2), c(1, 3), c(2, 3))
columns("marker_tests", do.call(rbind, lapply(c("ALP", "CA"), function(code) do.call(rbind, lapply(visits[-1], function(v) {
  x <- lapply(lines, function(l) take(code, l, v))
  rows <- do.call(rbind, lapply(pairs, function(p) rbind(t_row(x[[p[1]]], x[[p[2]]], TRUE), t_row(x[[p[1]]], x[[p[2]]], FALSE))))
  value <- unlist(x)
  line <- factor(rep(1:3, lengths(x)))
  f <- c(NA, NA)
  if (nlevels(droplevels(line)) > 1) {
    a <- anova(lm(value ~ line))
    f <- c(a$`F value`[1], a$`Pr(>F)`[1])
  }
  rbind(rows, data.frame(n = length(value), difference = NA, low = NA, high = NA, statistic = f[1], p = f[2]))
})))))
columns("marker_model", do.call(rbind, lapply(c("ALP", "CA"), function(code) {
  d <- lab[lab$PARAMCD == code & lab$day > 0, ]
  d <- data.frame(value = d$percent, patient = d$USUBJID, line = factor(d$course, lines), month = d$day / 30)
  d <- d[order(d$patient, d$month), ]
  p <- polished(value ~ line + month + line:month, d)
  b <- p$best$beta
  se <- sqrt(diag(p$best$cov))
  df <- p$fit$fixDF$X
  rows <- data.frame(n = nrow(d), patients = length(unique(d$patient)), estimate = b, se = se, low = b - qt(0.975, df) * se,
                     high = b + qt(0.975, df) * se, statistic = b / se, p = 2 * pt(abs(b / se), df, lower.tail = FALSE))
  wald <- function(at) {
    f <- drop(b[at] %*% solve(p$best$cov[at, at], b[at])) / length(at)
    data.frame(n = nrow(d), patients = length(unique(d$patient)), estimate = NA, se = NA, low = NA, high = NA, statistic = f,
               p = pf(f, length(at), df[at[1]], lower.tail = FALSE))
  }
  rbind(rows, wald(2:3), wald(5:6))
})))
finish("study.csv")
