echo "{\"endpoint.policy.duration\": {\"default\": \"long\"}}" > o.json; boneflare endpoints examples/response --rules o.json
