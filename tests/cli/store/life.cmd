# The life of a store. Names and hashes are random.
hide() { sed -E 's/[0-9a-f]{64}/HASH/; s/[a-z2-7]{26}/NAME/; s/[0-9]+ bytes/N bytes/; s/(bytes|_ms)": [0-9]+/\1": N/; s/3\.[0-9.]+/3.x/'; }
boneflare store create sqlite:a.db | hide
boneflare store create sqlite:a.db; echo $?
boneflare store info sqlite:a.db | hide
boneflare store info sqlite:a.db --json | hide
boneflare store migrate sqlite:a.db | hide
boneflare store verify sqlite:a.db | hide
boneflare store backup sqlite:a.db copy.db > head && hide < head
boneflare store backup sqlite:a.db copy.db; echo $?
boneflare store verify sqlite:a.db --head "$(cut -c6- head)" | hide
boneflare store verify sqlite:a.db --head 2:0000000000000000000000000000000000000000000000000000000000000000; echo $?
boneflare store verify sqlite:a.db --json --head 9:0000000000000000000000000000000000000000000000000000000000000000 | hide
boneflare store restore copy.db sqlite:b.db --head "$(cut -c6- head)" --json | hide
boneflare store restore copy.db sqlite:b.db; echo $?
boneflare store restore copy.db sqlite:b.db --force | hide
boneflare store restore copy.db sqlite:c.db --head 7:0000000000000000000000000000000000000000000000000000000000000000; echo $?
boneflare store export sqlite:b.db out && ls out && boneflare store export sqlite:b.db out; echo $?
boneflare store export sqlite:b.db out2 --json
stat -c '%a %n' a.db copy.db b.db
ls
