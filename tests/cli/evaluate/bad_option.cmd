boneflare evaluate --bogus
