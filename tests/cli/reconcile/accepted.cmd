boneflare reconcile data/trial --accepted-only
