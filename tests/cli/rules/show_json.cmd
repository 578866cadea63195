boneflare rules show scale.alp_jscc --json
