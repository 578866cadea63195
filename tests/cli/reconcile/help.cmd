boneflare reconcile --help
