mkdir empty && echo "patient,sex,age" > empty/patients.csv && boneflare cohort empty
