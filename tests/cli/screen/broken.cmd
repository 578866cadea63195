(cat data/population/*.ndjson; echo "{\"resourceType\""; echo "{\"resourceType\":\"Condition\",\"subject\":{\"identifier\":{\"value\":\"1\"}}}") > all.ndjson; boneflare screen all.ndjson | tail -24
