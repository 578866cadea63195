: > empty.ndjson; boneflare shard -n 2 empty.ndjson --out a; wc -c a/*
