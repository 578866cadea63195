boneflare endpoints examples/response --format csv --out e.csv && wc -l < e.csv; boneflare endpoints examples/response --criterion who1979 --out e.csv; wc -l < e.csv; ls
