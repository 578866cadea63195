boneflare assess --ndjson --threads x < data/ndjson/stream.ndjson
