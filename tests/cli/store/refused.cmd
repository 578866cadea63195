# A place that holds no store, and each action on it.
boneflare store info sqlite:missing.db; echo $?
boneflare store info sqlite:no/such/folder.db; echo $?
boneflare store create sqlite:no/such/folder.db; echo $?
boneflare store info sqlite:.; echo $?
boneflare store info missing.db; echo $?
boneflare store info sqlite:; echo $?
echo "no database at all, and long enough to have a header that could be one" > text.db
boneflare store info sqlite:text.db; echo $?
sha256sum text.db > before && boneflare store create sqlite:text.db; sha256sum --quiet -c before && echo untouched
boneflare store info "postgresql://ann:secret@/db?host=/no/such/folder" 2>&1 | sed 's/failed: .*/failed: .../'; echo $?
boneflare store restore missing.db sqlite:new.db; echo $?
boneflare store restore text.db sqlite:new.db; echo $?
boneflare store backup sqlite:missing.db new.db; echo $?
boneflare store export sqlite:missing.db new; echo $?
ls new* 2>&1
