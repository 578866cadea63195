mkdir t && cp data/trial/*.csv t && for f in t/tu.csv t/tr.csv t/rs.csv; do grep -v ",p[234]," $f > x && mv x $f; done && boneflare reconcile t --evaluator "INDEPENDENT ASSESSOR" && echo agrees
