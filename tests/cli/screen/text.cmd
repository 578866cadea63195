boneflare screen data/population
