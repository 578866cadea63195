boneflare explain examples/shi2021_patient2 | sed -n "/LOOKING BACK/,\$p"
