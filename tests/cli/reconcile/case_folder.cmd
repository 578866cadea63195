boneflare reconcile examples/response
