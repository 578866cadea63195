boneflare reconcile nowhere
