boneflare assess nowhere
