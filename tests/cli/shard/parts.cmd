boneflare shard --by patient -n 2 data/ndjson --out parts; echo $?; ls -A . parts; for f in parts/*; do echo "$f"; cut -c1-60 $f; done
