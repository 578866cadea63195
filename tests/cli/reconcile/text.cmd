boneflare reconcile data/trial
