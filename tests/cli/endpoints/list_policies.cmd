boneflare endpoints --list-policies --policy sticky_pr=yes
