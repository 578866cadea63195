boneflare convert examples/shi2021_patient2 --to dataset-json --out o --study S1 --created 2026-11-22T08:00:00 > /dev/null; cut -c1-400 o/dm.json; tail -n +2 o/tr.json | head -3
