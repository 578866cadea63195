boneflare rules cite kaneko2017 | head -4
