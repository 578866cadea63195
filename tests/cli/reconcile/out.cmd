boneflare reconcile data/trial --format csv --out r.csv; wc -l < r.csv; boneflare reconcile nowhere --format csv --out r.csv; wc -l < r.csv; ls
