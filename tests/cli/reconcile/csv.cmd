boneflare reconcile data/trial --format csv
