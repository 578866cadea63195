boneflare cohort examples/cohort_shi2021/study
