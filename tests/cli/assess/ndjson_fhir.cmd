boneflare assess --ndjson --format fhir < /dev/null
