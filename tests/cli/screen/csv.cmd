boneflare screen data/population --format csv
