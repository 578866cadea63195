# SPDX-License-Identifier: Apache-2.0
# put(case, name, numbers): rows case,name,index,value with 17 significant digits. NA, NaN and Inf are written as "none".
rows <- list()
put <- function(case, name, numbers) {
  numbers <- as.numeric(numbers)
  text <- ifelse(is.finite(numbers), formatC(numbers, digits = 17, format = "g", width = -1), "none")
  rows[[length(rows) + 1]] <<- data.frame(case, name, index = seq_along(numbers) - 1, value = trimws(text))
}
finish <- function(file) {
  write.csv(do.call(rbind, rows), file.path("expected", file), quote = FALSE, row.names = FALSE)
}
data <- function(file) read.csv(file.path("data", file))
