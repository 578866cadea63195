boneflare cohort examples/cohort_shi2021/study --flares stated --by egfr | sed -n "/^Time to flare/,/^Comparison/p"
