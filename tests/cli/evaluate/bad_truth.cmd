printf 'patient,progression_day\ndebondt2020,soon\n' > t.csv; boneflare evaluate examples/debondt2020 --truth t.csv
