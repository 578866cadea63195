boneflare assess --ndjson < /dev/null
