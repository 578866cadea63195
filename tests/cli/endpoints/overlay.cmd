echo "{\"endpoint.policy.duration\": {\"default\": \"elapsed\"}}" > o.json; boneflare endpoints examples/response --patient A --rules o.json --format csv | grep ,pfs, | cut -d, -f6
