mkdir -p case/labs.csv && printf 'patient\nanna\n' > case/patients.csv && boneflare validate case
