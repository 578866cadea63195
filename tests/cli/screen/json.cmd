boneflare screen data/population --format json | python3 -m json.tool
