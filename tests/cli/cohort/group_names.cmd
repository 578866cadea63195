boneflare cohort examples/shi2021_table2 --by class --out tables > /dev/null && grep -o '<th[^>]*>[^<]*tki[^<]*<' tables/report.html | sort -u
