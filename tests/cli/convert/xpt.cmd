boneflare convert examples/shi2021_patient2 --to sdtm-xpt --out o --created 2026-11-22T08:00:00 > /dev/null; head -c 640 o/tu.xpt | fold -w 80
