mkdir p && printf 'patient,label\nx,perhaps\n' > p/patients.csv && boneflare evaluate p --format csv | head -3
