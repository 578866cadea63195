boneflare shard; boneflare shard x; boneflare shard x -n 0; boneflare shard x -n 1; boneflare shard x --by site; boneflare shard x --what; boneflare shard x -n
