boneflare ct-phantom --help
