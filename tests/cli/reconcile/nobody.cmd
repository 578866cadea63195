boneflare reconcile data/trial --evaluator ADJUDICATOR
