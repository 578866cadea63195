boneflare reconcile data/trial --format html
