boneflare rules cite choa2009
