boneflare reconcile data/trial --evaluator "INDEPENDENT ASSESSOR:RADIOLOGIST 1" --format json
