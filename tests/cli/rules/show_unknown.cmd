boneflare rules show scale.alp_jcss
