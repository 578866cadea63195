boneflare shard --help
