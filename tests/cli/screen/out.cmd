boneflare screen data/population/*.ndjson --as-of d20 --out list.csv --format csv; cut -d, -f1-9 list.csv; ls -A
