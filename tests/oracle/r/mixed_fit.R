# SPDX-License-Identifier: Apache-2.0
# nlme stops when its own criterion hardly changes, at five to seven digits of the variances. So each fit is polished: the
# restricted likelihood that nlme reports is checked against a dense-matrix formula written here, whose maximum is then found to
# full precision. Both must agree to 1e-5, or the script stops.
suppressMessages(library(nlme))
control <- lmeControl(maxIter = 500, msMaxIter = 500, niterEM = 200, tolerance = 1e-12, msTol = 1e-14, opt = "nlminb")
dense <- function(theta, X, y, subject, restricted) {
  Z <- model.matrix(~ 0 + factor(subject))
  V <- diag(nrow(X)) + theta * tcrossprod(Z)
  W <- solve(V)
  A <- t(X) %*% W %*% X
  beta <- solve(A, t(X) %*% W %*% y)
  r <- y - X %*% beta
  df <- if (restricted) nrow(X) - ncol(X) else nrow(X)
  s2 <- drop(t(r) %*% W %*% r) / df
  ll <- -0.5 * (df * (log(2 * pi * s2) + 1) + as.numeric(determinant(V)$modulus))
  if (restricted) ll <- ll - 0.5 * as.numeric(determinant(A)$modulus)
  # derivative with respect to theta, up to a positive factor
  P <- W - if (restricted) W %*% X %*% solve(A, t(X) %*% W) else 0 * W
  G <- tcrossprod(Z)
  u <- W %*% r
  slope <- -sum(P * G) + drop(t(u) %*% G %*% u) / s2
  list(ll = ll, slope = slope, beta = drop(beta), cov = s2 * solve(A), s2 = s2, b = drop(theta * t(Z) %*% u))
}
near <- function(a, b) stopifnot(all(abs(a - b) <= 1e-5 * (1e-3 + abs(b))))
# data: value, patient, and what the formula names
polished <- function(formula, data, method = "REML") {
  fit <- lme(formula, data, random = ~ 1 | patient, method = method, control = control)
  X <- model.matrix(formula, data)
  f <- function(theta) dense(theta, X, data$value, data$patient, method == "REML")
  rough <- (as.numeric(VarCorr(fit)[1, 2]) / fit$sigma)^2
  theta <- uniroot(function(t) f(t)$slope, rough * c(0.5, 2), tol = 1e-15)$root
  best <- f(theta)
  near(best$ll, as.numeric(logLik(fit)))
  near(best$beta, fixef(fit))
  near(best$cov, vcov(fit))
  near(sqrt(best$s2), fit$sigma)
  near(theta, rough)
  list(fit = fit, best = best, theta = theta, X = X)
}
