boneflare evaluate examples/debondt2020 examples/kaneko2017 examples/shi2021_table2 | head -26
