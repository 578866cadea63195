boneflare validate data/trial
