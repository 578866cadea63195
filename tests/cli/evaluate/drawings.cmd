boneflare evaluate examples/debondt2020 examples/shi2021_table2 --format reliability-svg | head -c 300; boneflare evaluate examples/debondt2020 --format decision-svg | tail -c 120
