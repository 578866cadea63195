boneflare template mine > /dev/null && echo "kept" > mine/labs.csv && rm mine/clinical.csv; boneflare template mine; cat mine/labs.csv; ls mine
